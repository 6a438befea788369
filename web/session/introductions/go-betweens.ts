/**
 * Which of the peers that we are linked to can hand a note to which peer that we are not linked to.
 *
 * Invariant: at most KNOWN_PEERS are remembered for each link, and nothing of a link that is gone.
 */
import type { LinkId, PeerId } from "../../engine/units.ts";
import { KNOWN_PEERS } from "../limits.ts";

export class GoBetweens {
  readonly #acquaintances = new Map<LinkId, Set<PeerId>>();

  /** The peer at `through` said that it is linked to these. */
  learn(through: LinkId, peers: readonly PeerId[]): void {
    const known = this.#acquaintances.get(through) ?? new Set();
    for (const peer of peers) if (known.size < KNOWN_PEERS) known.add(peer);
    this.#acquaintances.set(through, known);
  }

  /** A link whose peer can hand a note to `peer`; undefined when there is none. */
  of(peer: PeerId): LinkId | undefined {
    for (const [through, known] of this.#acquaintances) if (known.has(peer)) return through;
    return undefined;
  }

  /** The peer at `through` says that it cannot. */
  refused(through: LinkId, peer: PeerId): void {
    this.#acquaintances.get(through)?.delete(peer);
  }

  onLinkClosed(through: LinkId): void {
    this.#acquaintances.delete(through);
  }
}
