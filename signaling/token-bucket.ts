/**
 * Token buckets that are one number each: the time at which the bucket is full again, in ms.
 *
 * Whoever was quiet for long has a full bucket and nothing to be remembered by, and a socket carries two numbers
 * instead of two objects. Time is the caller's; 0 is a full bucket.
 *
 * Source: the generic cell rate algorithm (ITU-T I.371), which lets through what a token bucket lets through.
 */
import type { Rate } from "./limits.ts";

/** When the bucket is full again after `cost` tokens are taken `now`, or undefined when it does not hold them. */
export function takeTokens(rate: Rate, fullAt: number, cost: number, now: number): number | undefined {
  const { capacity, perSecond } = rate;
  if (capacity === Number.POSITIVE_INFINITY) return fullAt;
  const afterwards = Math.max(now, fullAt) + (cost / perSecond) * 1000;
  return afterwards - now <= (capacity / perSecond) * 1000 ? afterwards : undefined;
}
