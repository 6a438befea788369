/**
 * To which swarm each link of this tab belongs, and hears of it what happens.
 *
 * Invariant: every link belongs to one swarm until it is closed.
 */
import { type LinkId, linkId } from "../engine/units.ts";
import type { LinkEvents } from "../ports/links.ts";

export class LinkOwners {
  readonly #owners = new Map<LinkId, LinkEvents>();
  #count = 0;

  /** A new name for a link whose events are to come to `owner`. */
  nextLink(owner: LinkEvents): LinkId {
    const link = linkId(++this.#count);
    this.#owners.set(link, owner);
    return link;
  }

  get events(): LinkEvents {
    const owners = this.#owners;
    return {
      onSignal: (link, signal) => owners.get(link)?.onSignal(link, signal),
      onOpened: (link) => owners.get(link)?.onOpened(link),
      onRoute: (link, route) => owners.get(link)?.onRoute(link, route),
      onBytes: (link, bytes) => owners.get(link)?.onBytes(link, bytes),
      onFlushed: (link, count) => owners.get(link)?.onFlushed(link, count),
      onClosed: (link, end) => {
        owners.get(link)?.onClosed(link, end);
        owners.delete(link);
      },
    };
  }
}
