/** What a run of a crowd came to, beside what was possible. */
import type { CrowdRun } from "./flash-crowd.ts";
import type { Sample } from "./sample.ts";

export interface CrowdFigures {
  readonly peers: number;
  readonly finished: number;
  /** No swarm is faster (Kumar and Ross 2006), seconds. */
  readonly shortestSeconds: number;
  readonly meanSeconds: number;
  readonly medianSeconds: number;
  readonly lastSeconds: number;
  readonly meanOverShortest: number;
  readonly lastOverShortest: number;
  readonly freeRiderMedianSeconds: number | null;
  /** Share of the leechers' uplinks in use between the first and the 90th percentile finish. */
  readonly uploadUtilisation: number;
  /** The same from the start until the 90th percentile finish. */
  readonly uploadUtilisationFromStart: number;
  readonly firstCopySeconds: number;
  /** firstCopySeconds in times that the seed needs to send everything once. */
  readonly firstCopyOverSeedTime: number;
  /** Bytes of blocks that came twice or were wrong, as a share of all. */
  readonly waste: number;
  /** Bytes that are no blocks, as a share of all bytes sent. */
  readonly control: number;
  /** Copies that the seed sent by the time of the first full copy among leechers, and in all. */
  readonly seedCopiesAtFirstCopy: number;
  readonly seedCopies: number;
  readonly blocks: number;
}

export function crowdFigures(run: CrowdRun): CrowdFigures {
  const { options, contributors, freeRiders, shortestSeconds } = run;
  const all = [...contributors, ...freeRiders].sort((a, b) => a - b);
  const mean = all.reduce((sum, seconds) => sum + seconds, 0) / all.length;
  const last = all.at(-1) ?? Infinity;
  const { wasted, downloaded, sent, sentBlocks } = run.totals;
  const received = downloaded + wasted;
  const seedSeconds = (options.pieces * options.pieceBytes) / (options.up * options.seedRateFactor);
  const ninetieth = timeFinished(run, 0.9);
  return {
    peers: options.peers,
    finished: all.length,
    shortestSeconds,
    meanSeconds: mean,
    medianSeconds: quantile(all, 0.5),
    lastSeconds: last,
    meanOverShortest: mean / shortestSeconds,
    lastOverShortest: last / shortestSeconds,
    freeRiderMedianSeconds: freeRiders.length > 0 ? quantile(freeRiders, 0.5) : null,
    uploadUtilisation: utilisation(run, timeFinished(run, 0), ninetieth),
    uploadUtilisationFromStart: utilisation(run, 0, ninetieth),
    firstCopySeconds: run.firstCopyAt,
    firstCopyOverSeedTime: run.firstCopyAt / seedSeconds,
    waste: wasted / received,
    control: (sent - sentBlocks) / sent,
    seedCopiesAtFirstCopy: run.copiesAtFirstCopy,
    seedCopies: run.seedCopies,
    blocks: received / 16_384,
  };
}

/** The value below which `share` of the ascending `values` lie. */
export function quantile(values: readonly number[], share: number): number {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

/** When `share` of the leechers (of 0: the first one) had finished. */
function timeFinished({ samples, options }: CrowdRun, share: number): number {
  const count = Math.max(1, Math.ceil(options.peers * share));
  return samples.find(({ finished }) => finished >= count)?.at ?? samples.at(-1)?.at ?? 0;
}

/** Of all uplinks that give, between two moments. */
function utilisation({ samples, options }: CrowdRun, from: number, to: number): number {
  const at = (time: number): Sample | undefined => samples.find((sample) => sample.at >= time);
  const [first, last] = [at(from), at(to)];
  if (first === undefined || last === undefined || first.at === last.at) return Number.NaN;
  const givers = options.peers * (1 - options.freeRiders);
  return (last.leechersSent - first.leechersSent) / (givers * options.up * (last.at - first.at));
}
