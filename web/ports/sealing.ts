/**
 * Sealed signaling: what the server carries for us and cannot read, make or swap.
 *
 * Invariants
 *  1. Only who knows the infohash (the link), and the password if there is one, can open or make a sealed text.
 *  2. A sealed text opens only in the room, between the peers, for the offer and of the kind that it was made for.
 */
import type { InfoHash, PeerId } from "../engine/units.ts";

/** What a sealed text is bound to (additional authenticated data). */
export interface SealContext {
  readonly kind: "offer" | "answer" | "candidates";
  readonly from: PeerId;
  readonly to: PeerId;
  readonly offerId: string;
}

export interface Sealer {
  /** 40 hexadecimal digits: the room that the tracker sees; tells nothing about the infohash. */
  readonly room: string;
  /** A password is part of the key. */
  readonly hasPassword: boolean;
  seal(text: string, context: SealContext): Promise<string>;
  /** Undefined when it was not made by someone with the link, for exactly this context. Never throws. */
  open(sealed: string, context: SealContext): Promise<string | undefined>;
}

/** @param passwordKey of a share with a password; the room is the same with and without. */
export type MakeSealer = (infoHash: InfoHash, passwordKey?: Uint8Array) => Promise<Sealer>;

/** 32 bytes that follow from a password, slowly and with much memory on purpose. An empty one is no password. */
export type DerivePasswordKey = (infoHash: InfoHash, password: string) => Promise<Uint8Array>;
