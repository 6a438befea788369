/**
 * How fast a peer gets ahead, from whomever: the growth of what it has over the last seconds. What we
 * send it is only a part of that, so the time it still needs is told from here.
 */

export interface Gain {
  readonly marks: readonly { readonly at: number; readonly have: number }[];
}

const WINDOW_MS = 10_000;
const MARK_INTERVAL_MS = 1_000;

/** @returns the same object when `at` is too soon after the last mark. */
export function withMark(gain: Gain | undefined, at: number, have: number): Gain {
  const last = gain?.marks.at(-1);
  if (gain !== undefined && last !== undefined && at - last.at < MARK_INTERVAL_MS) return gain;
  const kept = (gain?.marks ?? []).filter((mark) => mark.at >= at - WINDOW_MS);
  return { marks: [...kept, { at, have }] };
}

/** Seconds until `have` reaches `size`; undefined until it has been seen to grow. */
export function secondsLeft(gain: Gain, size: number): number | undefined {
  const first = gain.marks[0];
  const last = gain.marks.at(-1);
  if (first === undefined || last === undefined || last.at === first.at) return undefined;
  const perSecond = ((last.have - first.have) * 1000) / (last.at - first.at);
  return perSecond > 0 ? (size - last.have) / perSecond : undefined;
}
