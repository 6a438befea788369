/**
 * Tells peers whom else we are linked to, and hears the same from them (BEP 11, with peer ids for addresses).
 *
 * Invariants
 *  1. A peer is told only of peers that we are linked to and can introduce, and later of each one's leaving.
 *  2. At most one message to a peer every PEX_INTERVAL_MS; one that sends more often is not listened to.
 */
import type { SwarmContext } from "./context.ts";
import { PEX_INTERVAL_MS, PEX_MAX_PEERS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { LinkId, Millis, PeerId } from "./units.ts";
import { encodePex, type PexMessage } from "./wire/pex.ts";

interface Exchange {
  /** Whom we told this peer of. */
  readonly told: Set<PeerId>;
  toldAt: Millis | undefined;
  heardAt: Millis | undefined;
  /** `changes` when this peer was last found to know everybody. */
  upToDateAt: number | undefined;
}

export class PeerExchange {
  readonly #exchanges = new Map<LinkId, Exchange>();
  /** Peers here after their handshake, and links closed so far: while both stand still nobody came or went. */
  #known = 0;
  #closed = 0;

  onMessage(context: SwarmContext, peer: Peer, message: PexMessage): void {
    const exchange = this.#of(peer.link);
    // Half the interval of grace for messages that waited behind others.
    if (exchange.heardAt !== undefined && context.now - exchange.heardAt < PEX_INTERVAL_MS / 2) return;
    exchange.heardAt = context.now;
    const peers = message.added.map((added) => added.peer);
    if (peers.length > 0) context.out.push({ type: "peers-discovered", through: peer.link, peers });
  }

  onClosed(link: LinkId): void {
    this.#exchanges.delete(link);
    this.#closed++;
  }

  onTick(context: SwarmContext): void {
    this.#known = 0;
    for (const peer of context.peers.values()) if (isIntroducible(peer)) this.#known++;
    for (const peer of context.peers.values()) this.#tell(context, peer);
  }

  #tell(context: SwarmContext, peer: Peer): void {
    const id = peer.extensionIds.get("shoal_pex");
    if (id === undefined) return;
    const exchange = this.#of(peer.link);
    const changes = this.#known + 2 * this.#closed;
    if (exchange.upToDateAt === changes) return;
    if (exchange.toldAt !== undefined && context.now - exchange.toldAt < PEX_INTERVAL_MS) return;
    const others = [...context.peers.values()].filter((other) => other !== peer && isIntroducible(other));
    const linked = new Set(others.map((other) => other.id));
    const added = others.filter((other) => !exchange.told.has(other.id)).slice(0, PEX_MAX_PEERS);
    const dropped = [...exchange.told].filter((told) => !linked.has(told)).slice(0, PEX_MAX_PEERS);
    if (added.length === 0 && dropped.length === 0) {
      exchange.upToDateAt = changes;
      return;
    }
    exchange.toldAt = context.now;
    for (const other of added) exchange.told.add(other.id);
    for (const other of dropped) exchange.told.delete(other);
    const payload = encodePex({
      added: added.map((other) => ({ peer: other.id, isSeed: other.isSeed })),
      dropped,
    });
    context.out.send(peer, { type: "extended", id, payload }, context.now);
  }

  #of(link: LinkId): Exchange {
    let exchange = this.#exchanges.get(link);
    if (exchange === undefined) {
      exchange = { told: new Set(), toldAt: undefined, heardAt: undefined, upToDateAt: undefined };
      this.#exchanges.set(link, exchange);
    }
    return exchange;
  }
}

/** Other programs' peers cannot be reached through us. */
function isIntroducible(peer: Peer): boolean {
  return peer.isHandshakeDone && peer.extensionIds.has("shoal_introduce");
}
