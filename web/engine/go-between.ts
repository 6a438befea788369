/**
 * Introduces peers of ours to each other, and has ourselves introduced by them: a swarm goes on growing together
 * while the tracker is away (BEP 55 in shape).
 *
 * Invariants
 *  1. A note is handed on only between peers that are linked to us now, and never further than that.
 *  2. Who sends more than NOTES_BYTES_PER_WINDOW is refused, not dropped: it costs us an answer, nothing more.
 *  3. A torrent whose peers may come from its trackers only is left out (BEP 27).
 */
import type { SwarmContext } from "./context.ts";
import { NOTES_BYTES_PER_WINDOW, NOTES_WINDOW_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { LinkId, Millis, PeerId } from "./units.ts";
import { encodeIntroduction, type IntroductionMessage, type Note } from "./wire/introduction.ts";

interface Allowance {
  since: Millis;
  bytes: number;
}

export class GoBetween {
  readonly #allowances = new Map<LinkId, Allowance>();

  /** A note of ours for `to`, whom the peer at `through` knows. */
  send(context: SwarmContext, through: LinkId, to: PeerId, note: Note): void {
    const peer = context.peers.get(through);
    const isSent = peer !== undefined && tell(context, peer, { type: "carry", peer: to, note });
    if (!isSent) context.out.push({ type: "introduction-refused", through, to, offerId: note.offerId });
  }

  onMessage(context: SwarmContext, peer: Peer, message: IntroductionMessage): void {
    switch (message.type) {
      case "carry":
        if (!this.#carry(context, peer, message.peer, message.note)) {
          tell(context, peer, { type: "refused", peer: message.peer, offerId: message.note.offerId });
        }
        break;
      case "carried": {
        const { peer: from, note } = message;
        context.out.push({ type: "introduction-heard", through: peer.link, from, note });
        break;
      }
      case "refused": {
        const { peer: to, offerId } = message;
        context.out.push({ type: "introduction-refused", through: peer.link, to, offerId });
        break;
      }
    }
  }

  onClosed(link: LinkId): void {
    this.#allowances.delete(link);
  }

  #carry(context: SwarmContext, from: Peer, to: PeerId, note: Note): boolean {
    if (!this.#allow(from.link, note.text.length, context.now)) return false;
    const target = [...context.peers.values()].find((peer) => peer.id === to && peer.isHandshakeDone);
    if (target === undefined || target === from) return false;
    return tell(context, target, { type: "carried", peer: from.id, note });
  }

  #allow(link: LinkId, bytes: number, now: Millis): boolean {
    let allowance = this.#allowances.get(link);
    if (allowance === undefined || now - allowance.since >= NOTES_WINDOW_MS) {
      allowance = { since: now, bytes: 0 };
      this.#allowances.set(link, allowance);
    }
    allowance.bytes += bytes;
    return allowance.bytes <= NOTES_BYTES_PER_WINDOW;
  }
}

/** False for a peer that does not speak the extension. */
function tell(context: SwarmContext, peer: Peer, message: IntroductionMessage): boolean {
  const id = peer.extensionIds.get("shoal_introduce");
  if (id === undefined) return false;
  context.out.send(peer, { type: "extended", id, payload: encodeIntroduction(message) }, context.now);
  return true;
}
