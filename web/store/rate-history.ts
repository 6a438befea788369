/**
 * The rates of the last minutes of one share, for its chart.
 *
 * Invariants
 *  1. Samples are in order of time, at least SAMPLE_INTERVAL_MS apart, none older than HISTORY_MS.
 *  2. A history that got no sample keeps its identity.
 */

export interface RateSample {
  /** Milliseconds on the clock of whoever took the sample. */
  readonly at: number;
  /** Bytes per second. */
  readonly up: number;
  readonly down: number;
}

export type RateHistory = readonly RateSample[];

export const HISTORY_MS = 3 * 60_000;
export const SAMPLE_INTERVAL_MS = 1_000;

export function withSample(history: RateHistory, sample: RateSample): RateHistory {
  const last = history.at(-1);
  if (last !== undefined && sample.at - last.at < SAMPLE_INTERVAL_MS) return history;
  const oldest = sample.at - HISTORY_MS;
  return [...history.filter((entry) => entry.at >= oldest), sample];
}
