/**
 * Links over WebRTC, on the page: a worker cannot have RTCPeerConnections.
 *
 * Invariants
 *  1. Servers for ICE are those that the caller names and no others.
 *  2. A page that goes away closes its connections, so that the other ends know within milliseconds instead of
 *     17 seconds.
 */
import SimplePeer, { type SimplePeerOptions } from "simple-peer/simplepeer.min.js";
import type { LinkId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LinkEnd, LinkEvents, LinkOptions, Links, Signal } from "../../ports/links.ts";
import { GATHER_TIMEOUT_MS } from "./limits.ts";
import { type Peer, PeerLink } from "./peer-link.ts";

/** What the links need of the page. */
export interface PageWorld {
  readonly clock: Clock;
  /** Says `pagehide`. */
  readonly page: Pick<EventTarget, "addEventListener">;
  /** May throw when the platform has no WebRTC or refuses. */
  readonly makePeer: (options: SimplePeerOptions) => Peer;
}

/** Makes the links of this page. */
export function pageLinks(clock: Clock): (events: LinkEvents) => Links {
  const world = { clock, page: window, makePeer: (options: SimplePeerOptions) => new SimplePeer(options) };
  return (events) => new PageLinks(events, world);
}

export class PageLinks implements Links {
  readonly #world: PageWorld;
  readonly #events: LinkEvents;
  readonly #links = new Map<LinkId, PeerLink>();

  constructor(events: LinkEvents, world: PageWorld) {
    this.#world = world;
    this.#events = {
      onSignal: (link, signal) => events.onSignal(link, signal),
      onOpened: (link) => events.onOpened(link),
      onRoute: (link, route) => events.onRoute(link, route),
      onBytes: (link, bytes) => events.onBytes(link, bytes),
      onFlushed: (link, count) => events.onFlushed(link, count),
      onClosed: (link: LinkId, end: LinkEnd) => {
        this.#links.delete(link);
        events.onClosed(link, end);
      },
    };
    world.page.addEventListener("pagehide", () => {
      for (const link of this.#links.values()) link.end("closed-here");
    });
  }

  begin(link: LinkId, options: LinkOptions): void {
    const peer = this.#makePeer(options);
    if (peer === undefined) {
      queueMicrotask(() => this.#events.onClosed(link, "failed"));
      return;
    }
    this.#links.set(link, new PeerLink(link, options.initiator, peer, this.#world.clock, this.#events));
  }

  signal(link: LinkId, signal: Signal): void {
    this.#links.get(link)?.signal(signal);
  }

  send(link: LinkId, bytes: Uint8Array<ArrayBuffer>): void {
    this.#links.get(link)?.send(bytes);
  }

  close(link: LinkId): void {
    this.#links.get(link)?.end("closed-here");
  }

  #makePeer({ initiator, iceServers, relayOnly, trickle }: LinkOptions): Peer | undefined {
    try {
      return this.#world.makePeer({
        initiator,
        objectMode: true,
        trickle: trickle ?? true,
        iceCompleteTimeout: GATHER_TIMEOUT_MS,
        config: {
          iceServers: iceServers.map((server) => ({ ...server, urls: [...server.urls] })),
          iceTransportPolicy: relayOnly ? "relay" : "all",
        },
      });
    } catch {
      return undefined;
    }
  }
}
