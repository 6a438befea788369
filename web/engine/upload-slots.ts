/**
 * How many peers to upload to at once: fewer than allowed while the upload limit is low, because many slots on a
 * narrow uplink give nobody a rate worth returning.
 *
 * Source: the mainline client from 4.0 on (max_uploads = √(0.6 × KiB/s), 2 at least). It opens more on wide uplinks
 * too; simulated flash crowds end later with them, so the number that was set is the most.
 */
import { MIN_UPLOAD_SLOTS } from "./limits.ts";

/** @param limit bytes per second; Infinity for none, 0 for nothing at all. */
export function slotsWithin(limit: number, most: number): number {
  if (limit === 0) return 0;
  const worthwhile = Math.floor(Math.sqrt((0.6 * limit) / 1024));
  return Math.min(most, Math.max(MIN_UPLOAD_SLOTS, worthwhile));
}
