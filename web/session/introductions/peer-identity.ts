/** Who we are in one swarm: a new name for every share, so that shares cannot be linked by it. */
import { type PeerId, toHex } from "../../engine/units.ts";

/** Shoal 0.1.0, in the Azureus style of peer ids (BEP 20). */
const CLIENT_PREFIX = "-SH0100-";
const RANDOM_BYTES = 12;

/** "-SH" in hexadecimal: any version. */
const KIND = "2d5348";

export function newPeerId(randomBytes: (count: number) => Uint8Array): PeerId {
  const prefix = Uint8Array.from(CLIENT_PREFIX, (char) => char.charCodeAt(0));
  return (toHex(prefix) + toHex(randomBytes(RANDOM_BYTES))) as PeerId;
}

/** Whether the peer calls itself a client like us. Anybody may; it only decides which of two links stays. */
export function isOurKind(peer: PeerId): boolean {
  return peer.startsWith(KIND);
}

/** A seed for the engine's own generator. */
export function randomSeed(randomBytes: (count: number) => Uint8Array): number {
  return Number.parseInt(toHex(randomBytes(4)), 16);
}
