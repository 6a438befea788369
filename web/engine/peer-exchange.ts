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
}

export class PeerExchange {
  readonly #exchanges = new Map<LinkId, Exchange>();
  /** Before this time nobody has anything to be told, unless somebody comes or goes. */
  #tellAt = 0;

  onMessage(context: SwarmContext, peer: Peer, message: PexMessage): void {
    const exchange = this.#of(peer.link);
    // Half the interval of grace for messages that waited behind others.
    if (exchange.heardAt !== undefined && context.now - exchange.heardAt < PEX_INTERVAL_MS / 2) return;
    exchange.heardAt = context.now;
    const peers = message.added.map((added) => added.peer);
    if (peers.length > 0) context.out.push({ type: "peers-discovered", through: peer.link, peers });
  }

  /** A peer said which extensions it speaks. */
  onExtensions(): void {
    this.#tellAt = 0;
  }

  onClosed(link: LinkId): void {
    this.#exchanges.delete(link);
    this.#tellAt = 0;
  }

  onTick(context: SwarmContext): void {
    if (context.now < this.#tellAt) return;
    this.#tellAt = Infinity;
    for (const peer of context.peers.values()) {
      const tellAt = this.#tell(context, peer);
      if (tellAt !== undefined) this.#tellAt = Math.min(this.#tellAt, tellAt);
    }
  }

  /** @returns when there may be more to tell it; undefined when it knows everybody. */
  #tell(context: SwarmContext, peer: Peer): number | undefined {
    const id = peer.extensionIds.get("shoal_pex");
    if (id === undefined) return undefined;
    const exchange = this.#of(peer.link);
    const nextAt = (exchange.toldAt ?? -Infinity) + PEX_INTERVAL_MS;
    if (context.now < nextAt) return nextAt;
    const others = [...context.peers.values()].filter((other) => other !== peer && isIntroducible(other));
    const linked = new Set(others.map((other) => other.id));
    const added = others.filter((other) => !exchange.told.has(other.id)).slice(0, PEX_MAX_PEERS);
    const dropped = [...exchange.told].filter((told) => !linked.has(told)).slice(0, PEX_MAX_PEERS);
    if (added.length === 0 && dropped.length === 0) return undefined;
    exchange.toldAt = context.now;
    for (const other of added) exchange.told.add(other.id);
    for (const other of dropped) exchange.told.delete(other);
    const payload = encodePex({
      added: added.map((other) => ({ peer: other.id, isSeed: other.isSeed })),
      dropped,
    });
    context.out.send(peer, { type: "extended", id, payload }, context.now);
    return context.now + PEX_INTERVAL_MS;
  }

  #of(link: LinkId): Exchange {
    let exchange = this.#exchanges.get(link);
    if (exchange === undefined) {
      exchange = { told: new Set(), toldAt: undefined, heardAt: undefined };
      this.#exchanges.set(link, exchange);
    }
    return exchange;
  }
}

/** Other programs' peers cannot be reached through us. */
function isIntroducible(peer: Peer): boolean {
  return peer.isHandshakeDone && peer.extensionIds.has("shoal_introduce");
}
