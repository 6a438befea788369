/**
 * One link from the first word about it to its end, and which of two links to the same peer survives.
 *
 * Invariants
 *  1. When two peers of our kind dial each other, the link whose initiator has the smaller peer id survives. Other
 *     programs keep the link that was offered to them, so there ours survives.
 *  2. A peer that dials us by name while we think that we are linked has lost its end: the new link replaces the
 *     old. Who offers links to nobody in particular, as other programs do, has not.
 */
import type { LinkId, Millis, PeerId } from "../../engine/units.ts";
import { isOurKind } from "./peer-identity.ts";
import type { Carrier } from "./sealed-signals.ts";

export interface Introduction {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly offerId: string;
  readonly carrier: Carrier;
  readonly initiator: boolean;
  /** It has a place of the dials that are under way. */
  holdsDial: boolean;
  /** Waiting for an answer, looking for a route, linked. */
  phase: "calling" | "connecting" | "open";
  since: Millis;
  cancelTimeout: () => void;
}

/**
 * Whether an offer of `current.peer` takes the place of what there is with it.
 *
 * @param isByName it was meant for us, and not for whomever a tracker chooses.
 */
export function isReplaced(current: Introduction, self: PeerId, isByName: boolean): boolean {
  // Other programs, and trackers of theirs, offer links to whoever is there, again and again.
  if (!isByName) return false;
  const isGlare = current.initiator && current.phase !== "open";
  return !(isGlare && self < current.peer);
}

/**
 * Whether a link that we offered to nobody in particular, and that `current.peer` took, survives what there is.
 * Both have offered and both have answered: each side must end the same one of the two links.
 */
export function yieldsToOurs(current: Introduction, self: PeerId): boolean {
  if (current.initiator) return false;
  return isOurKind(current.peer) ? self < current.peer : current.phase !== "open";
}

/** A caller whom a tracker of others brought, and that has not led to a link yet. */
export function isForeignCall({ carrier, initiator, phase }: Introduction): boolean {
  return isForeign(carrier) && !initiator && phase !== "open";
}

/** Whether a tracker of others carries it. */
export function isForeign(carrier: Carrier): boolean {
  return typeof carrier !== "number" && !carrier.isOurs;
}
