/**
 * Our part in a share's swarm together with what is written down of it: the two have one store.
 *
 * Invariants
 *  1. What one of them learns of the pieces the other is told: stored, lost, gone.
 *  2. Whatever goes wrong in either is told as a problem, never thrown.
 */
import type { Info } from "../../engine/metainfo/info.ts";
import type { InfoHashes } from "../../engine/metainfo/info-hashes.ts";
import type { Totals } from "../../engine/totals.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { KeptRecord } from "../../ports/library.ts";
import { TooLargeForMemoryError } from "../../ports/piece-store.ts";
import { Keeping, type KeepingEvents } from "../keeping/keeping.ts";
import { mergeInto } from "../keeping/merging.ts";
import type { KeepingFacts } from "../keeping/share-record.ts";
import type { Beginning } from "../membership/beginning.ts";
import { Membership, type MembershipEvents, type MembershipPorts } from "../membership/membership.ts";
import type { Problem, ShareSnapshot } from "../snapshot.ts";
import { troubleOf } from "../torrents/torrent-file.ts";
import type { World } from "../world.ts";
import { problemOf } from "./faults.ts";
import { fileNameOf } from "./file-progress.ts";
import type { Limiter } from "./limiter.ts";
import type { ShareFiles } from "./share-files.ts";
import type { ShareIdentity } from "./share-identity.ts";
import type { ShareLife } from "./share-life.ts";

/** None of these may throw. */
export interface KeptMembershipEvents
  extends KeepingEvents,
    Pick<MembershipEvents, "onFigures" | "onTurn" | "onMetadata" | "onComplete" | "onStored"> {
  /** It cannot go on in this tab. */
  onFailed(problem: Problem): void;
  onStoreFailed(problem: Problem): void;
  onUnreadable(error: unknown, fileName: string | undefined): void;
}

/** What there is of it from earlier sessions. */
export interface Earlier {
  /** The record that it goes on with. */
  readonly record: KeptRecord | undefined;
  readonly totals: Totals;
}

/** A share, as far as it is written down. */
export interface WrittenShare {
  readonly identity: ShareIdentity;
  readonly life: ShareLife;
  readonly files: ShareFiles;
  readonly limiter: Limiter;
}

export class KeptMembership {
  readonly membership: Membership;
  readonly keeping: Keeping;
  readonly #world: World;
  readonly #events: KeptMembershipEvents;

  /** @param hashes by which the swarm is known. */
  constructor(
    share: WrittenShare,
    hashes: InfoHashes,
    beginning: Beginning,
    { record, totals }: Earlier,
    ports: MembershipPorts,
    events: KeptMembershipEvents,
  ) {
    const { identity } = share;
    const key = record?.share.key ?? identity.libraryKey(hashes);
    this.#world = ports.world;
    this.#events = events;
    this.keeping = new Keeping(key, ports.world, this.#facts(share), events, record);
    const openStore = (info: Info) => this.keeping.openStore(info);
    const swarm = identity.inSwarm(hashes);
    this.membership = new Membership(swarm, beginning, totals, openStore, ports, this.#heard());
  }

  get totals(): Totals {
    return this.membership.swarm.totals;
  }

  get storage(): ShareSnapshot["storage"] {
    const { storage } = this.membership;
    return storage === "memory" && this.keeping.isElsewhere ? "other-tab" : storage;
  }

  /** Bytes that the wanted files still take. */
  get missingBytes(): number {
    const { wanted, haveOfWanted } = this.membership.swarm.snapshot(this.#world.clock.now());
    return wanted - haveOfWanted;
  }

  /** Leaves for good; nothing that was stored remains, and nothing is remembered. */
  close(): void {
    void this.keeping.forget();
    void this.membership.close("delete");
  }

  /** Leaves for good without a trace: there was nothing to keep. */
  discard(): void {
    void this.membership.close("delete");
    this.keeping.letGo();
  }

  /** Leaves for good; what was stored and written down stays. @param isLetGo another tab may have it then. */
  putAway(isLetGo: boolean): void {
    void this.membership.close("keep").then(() => {
      if (isLetGo) this.keeping.letGo();
    });
  }

  /** Adds to a record that another tab left what that lacks and this tab has. @returns the record as it is then. */
  async mergeInto(record: KeptRecord): Promise<KeptRecord> {
    const { info, source } = this.membership;
    const { pieces } = this.keeping;
    if (info === undefined || pieces === undefined || source === undefined) return record;
    return mergeInto(record, info, pieces, source, this.#world).catch(() => record);
  }

  /** Leaves for good in favour of a record of the same name, which is gone on with in this tab. */
  giveUp(): void {
    void this.membership.close("delete");
  }

  #facts(share: WrittenShare): KeepingFacts {
    return {
      share: () => written(share),
      torrent: () => {
        const { info, swarm } = this.membership;
        const layers = swarm.kept()?.layers;
        return info && layers && { info: info.bytes, layers };
      },
      totals: () => this.totals,
      filesWithHashes: () =>
        this.membership.info?.files.filter(({ piecesRoot }) => piecesRoot !== undefined).length ?? 0,
    };
  }

  #heard(): MembershipEvents {
    const events = this.#events;
    return {
      onFigures: () => events.onFigures(),
      onTurn: () => events.onTurn(),
      onMetadata: (info) => events.onMetadata(info),
      onStored: (piece) => events.onStored(piece),
      onComplete: () => events.onComplete(),
      onStoreOpened: () => this.keeping.onStoreOpened(),
      onStoreFailed: (error) => this.#onStoreFailed(error),
      onReadFailed: (piece, error) => this.#onReadFailed(piece, error),
      onMetadataInvalid: (reason) => events.onFailed({ code: "invalid-torrent", trouble: troubleOf(reason) }),
      onHashesDisagree: () => events.onFailed({ code: "torrent-contradictory" }),
      onBug: () => events.onFailed({ code: "internal" }),
    };
  }

  #onStoreFailed(error: unknown): void {
    const isElsewhere = error instanceof TooLargeForMemoryError && this.keeping.isElsewhere;
    this.#events.onStoreFailed(isElsewhere ? { code: "open-elsewhere" } : problemOf(error));
  }

  #onReadFailed(piece: PieceIndex, error: unknown): void {
    const { info } = this.membership;
    this.keeping.lose([piece]);
    this.#events.onUnreadable(error, info && fileNameOf(info, piece));
  }
}

function written({ identity, life, files, limiter }: WrittenShare): ReturnType<KeepingFacts["share"]> {
  const { role, keptLink, lock, addedAt } = identity;
  return {
    role,
    link: keptLink,
    passwordKey: lock.key,
    addedAt,
    stopped: life.stage === "stopped",
    wanted: files.wanted,
    ...files.own.kept,
    extras: { limits: limiter.limits },
  };
}
