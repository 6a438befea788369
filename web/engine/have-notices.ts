/**
 * When peers are told which pieces we got, and which are gone.
 *
 * A `have` is nine bytes, but each message on its own costs both sides far more than that, and a swarm says them
 * more often than anything else. Who may be waiting for the piece hears of it at once: a peer that has found
 * nothing with us yet, one that we unchoked and that asks for nothing, one that gives only by what it hears (BEP 16).
 * The others have enough to ask for; they hear of it with the next request that goes their way, and in any case
 * within HAVE_DELAY_MS.
 *
 * Invariants
 *  1. Every peer hears of every piece once, in the order in which we got them.
 *  2. Once we have everything, nobody waits to hear of it.
 */
import type { SwarmContext } from "./context.ts";
import { HAVE_DELAY_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { PieceIndex } from "./units.ts";
import { encodeDontHave } from "./wire/dont-have.ts";

/** Says it or keeps it for later. */
export function noteHave(context: SwarmContext, peer: Peer, piece: PieceIndex, isComplete: boolean): void {
  if (!peer.isHandshakeDone) return;
  if (peer.owedHaves.length === 0) peer.owedHavesSince = context.now;
  peer.owedHaves.push(piece);
  if (isComplete || mayWaitForIt(peer)) sayOwedHaves(context, peer);
}

/** To be called when another message goes to the peer anyway. */
export function sayOwedHaves(context: SwarmContext, peer: Peer): void {
  if (peer.owedHaves.length === 0) return;
  for (const piece of peer.owedHaves) context.out.send(peer, { type: "have", piece }, context.now);
  peer.owedHaves.length = 0;
}

/** The peer can be told that a piece is gone (BEP 54). */
export function hearsOfLosses(peer: Peer): boolean {
  return peer.extensionIds.has("lt_donthave");
}

/** A piece that we said we have is gone, or is not for this peer now (BEP 54, BEP 16). */
export function sayDontHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
  const id = peer.extensionIds.get("lt_donthave");
  if (id === undefined) return;
  context.out.send(peer, { type: "extended", id, payload: encodeDontHave(piece) }, context.now);
}

/** To be called once a second. */
export function sayLateHaves(context: SwarmContext, peer: Peer): void {
  if (context.now - peer.owedHavesSince >= HAVE_DELAY_MS) sayOwedHaves(context, peer);
}

function mayWaitForIt(peer: Peer): boolean {
  if (peer.isUploadOnly || !peer.isInterested) return true;
  return !peer.amChoking && peer.uploads.length === 0;
}
