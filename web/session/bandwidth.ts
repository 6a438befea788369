/**
 * Divides a rate among shares so that nobody who wants more gets less than another (max-min fairness): whoever
 * wants less than an equal part gets what it wants, and the others divide the rest.
 *
 * Invariant: the parts never add up to more than the whole, and no share gets more than its own limit.
 *
 * Source: Bertsekas and Gallager, Data Networks, §6.5.2.
 */

import type { Allotment, Settings, ShareLimits } from "./settings.ts";

/** A share that moves something, or may. Rates in bytes per second. */
export interface Mover {
  readonly limits: ShareLimits;
  /** What it was allotted last, while it moved at these rates. */
  readonly allotment: Allotment;
  readonly uploadRate: number;
  readonly downloadRate: number;
}

/** What each of the shares may move from now on, so that all of them keep to the settings together. */
export function allot(settings: Settings, movers: readonly Mover[]): readonly Allotment[] {
  const { uploadSlots } = settings;
  const uploads = divideBandwidth(
    settings.uploadBytesPerSecond ?? Infinity,
    movers.map(({ limits, allotment, uploadRate: rate }) => ({
      limit: limits.uploadBytesPerSecond ?? Infinity,
      rate,
      allotted: allotment.uploadBytesPerSecond,
    })),
  );
  const downloads = divideBandwidth(
    settings.downloadBytesPerSecond ?? Infinity,
    movers.map(({ limits, allotment, downloadRate: rate }) => ({
      limit: limits.downloadBytesPerSecond ?? Infinity,
      rate,
      allotted: allotment.downloadBytesPerSecond,
    })),
  );
  return movers.map((_, at) => ({
    uploadBytesPerSecond: uploads[at] ?? Infinity,
    downloadBytesPerSecond: downloads[at] ?? Infinity,
    uploadSlots,
  }));
}

/** Rates in bytes per second; Infinity is no limit. */
export interface BandwidthClaim {
  /** The share's own limit. */
  readonly limit: number;
  /** What it moves now. */
  readonly rate: number;
  /** What it was allotted when `rate` was measured. */
  readonly allotted: number;
}

/** Who moves nearly as much as it may could use more. */
const HELD_BACK_FROM = 0.8;

/** Who moves less is left room to double. */
const ROOM_TO_GROW = 2;

/** @returns what each may move, whole numbers or Infinity, in the order of the claims. */
export function divideBandwidth(total: number, claims: readonly BandwidthClaim[]): readonly number[] {
  if (total === Infinity) return claims.map(({ limit }) => limit);
  const parts = new Array<number>(claims.length).fill(0);
  let rest = total;
  const byWant = claims.map((claim, at) => ({ at, want: wantOf(claim) })).sort((a, b) => a.want - b.want);
  for (const [served, { at, want }] of byWant.entries()) {
    const part = Math.min(want, rest / (byWant.length - served));
    parts[at] = part;
    rest -= part;
  }
  // What nobody asks for is there for whoever begins.
  const spare = rest / claims.length;
  return claims.map(({ limit }, at) => Math.floor(Math.min(limit, (parts[at] ?? 0) + spare)));
}

function wantOf({ limit, rate, allotted }: BandwidthClaim): number {
  return rate >= HELD_BACK_FROM * allotted ? limit : Math.min(limit, ROOM_TO_GROW * rate);
}
