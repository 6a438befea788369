/** What no swarm can beat, however it is run: the yardsticks beside the simulator's figures. */

import { UPLOAD_SLOTS } from "../engine/limits.ts";

/** Bytes and bytes per second. */
export interface SwarmRates {
  readonly fileBytes: number;
  readonly seedRate: number;
  readonly leechers: number;
  readonly leecherUpRate: number;
  readonly leecherDownRate: number;
}

/**
 * Seconds until the last leecher can have everything, in the fluid limit: the seed must send each byte once,
 * a leecher must receive each byte once, and all of it must pass all uplinks (Kumar and Ross, HotWeb 2006).
 */
export function shortestDistribution(rates: SwarmRates): number {
  const { fileBytes, seedRate, leechers, leecherUpRate, leecherDownRate } = rates;
  const uplinks = seedRate + leechers * leecherUpRate;
  return Math.max(fileBytes / seedRate, fileBytes / leecherDownRate, (leechers * fileBytes) / uplinks);
}

/**
 * Seconds in which those who give can have everything where uplinks are the limit and nobody prefers them but the
 * choker, in the fluid limit: an equal share of the seeds, and what they give to each other. Of that the optimistic
 * slots give `optimisticShare` to whoever waits, who are the free-riders as far as there are enough of them.
 */
export function contributorTime(
  rates: SwarmRates & { readonly freeRiders: number; readonly optimisticShare: number },
): number {
  const { fileBytes, seedRate, leechers, leecherUpRate, leecherDownRate, freeRiders, optimisticShare } =
    rates;
  const waiting = Math.max(1, leechers - UPLOAD_SLOTS);
  const lost = optimisticShare * Math.min(1, (freeRiders * leechers) / waiting);
  const rate = Math.min(leecherDownRate, seedRate / leechers + leecherUpRate * (1 - lost));
  return fileBytes / rate;
}
