/** What no swarm can beat, however it is run: the yardsticks beside the simulator's figures. */

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
