/** What the page is shown of one share, and when to look again though nothing happened. */
import type { SwarmSnapshot } from "../../engine/snapshot.ts";
import type { Millis } from "../../engine/units.ts";
import { canRelay } from "../../ports/ice-config.ts";
import type { ShareSnapshot } from "../snapshot.ts";
import type { World } from "../world.ts";
import { PieceMapCopy } from "./piece-map.ts";
import { shareSnapshot, type ViewedShare } from "./share-snapshot.ts";
import { judge, type Situation } from "./share-state.ts";

export class ShareDisplay {
  readonly #world: Pick<World, "ice" | "wallClock">;
  readonly #pieceMap = new PieceMapCopy();
  #unavailableSince: Millis | undefined;

  constructor(world: Pick<World, "ice" | "wallClock">) {
    this.#world = world;
  }

  show(share: ViewedShare, now: Millis): { snapshot: ShareSnapshot; recheckAt: Millis | undefined } {
    const swarm = share.part?.membership.people(now);
    const verdict = judge(this.#situation(share, swarm, now), now);
    const snapshot = shareSnapshot(share, swarm, this.#pieceMap.of(swarm), verdict);
    return { snapshot, recheckAt: verdict.recheckAt };
  }

  #situation(share: ViewedShare, swarm: SwarmSnapshot | undefined, now: Millis): Situation {
    const { identity, life } = share;
    const { lock } = identity;
    const { ice, wallClock } = this.#world;
    const membership = share.part?.membership;
    const isAvailable = swarm === undefined || swarm.available;
    this.#unavailableSince = isAvailable ? undefined : (this.#unavailableSince ?? now);
    const presence = membership?.discovery.presence ?? { online: true, since: now };
    return {
      role: identity.role,
      stage: life.stage,
      fault: life.fault,
      accepted: life.accepted,
      canReopen: share.files.own.canReopen,
      paused: life.paused,
      isLocked: lock.isLocked && !lock.isDeriving,
      hasPassword: identity.hasPassword,
      hasMetadata: identity.info !== undefined,
      isComplete: swarm?.isComplete ?? false,
      unavailableSince: this.#unavailableSince,
      trackerOnline: presence.online,
      trackerSince: presence.since,
      search: membership?.discovery.search,
      webSeeds: membership?.webSeeds.givingCount ?? 0,
      hasIceServers: ice.servers.length > 0,
      relayAvailable: canRelay(ice.servers),
      relayOnly: ice.relayOnly,
      epochOffset: wallClock() - now,
    };
  }
}
