/**
 * Which shares of earlier sessions this tab takes up: those that no other tab has, each torrent once. A tab that was
 * reloaded or closed a moment ago may have them for some time yet.
 */

import { geometryOf } from "../../engine/geometry-of.ts";
import { type Info, parseInfo } from "../../engine/metainfo/info.ts";
import { isSameTorrent } from "../../engine/metainfo/info-hashes.ts";
import { parseShareText, type ShareLink } from "../../engine/metainfo/share-link.ts";
import { millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { KeptRecord } from "../../ports/library.ts";
import { CLAIM_LATE_FIRST_MS, CLAIM_LATE_LAST_MS, LIBRARY_TIMEOUT_MS } from "../limits.ts";
import type { World } from "../world.ts";
import { piecesOf, union } from "./stored-pieces.ts";

export interface Restored {
  readonly type: "kept";
  readonly record: KeptRecord;
  readonly link: ShareLink;
  readonly info: Info;
}

/**
 * Claims every record that nobody has, oldest first. Of a torrent that is there twice, as what a person shared
 * and as what they downloaded, the complete download stays, else what was shared; the other one is deleted.
 * Never rejects: without a library there is nothing to restore.
 *
 * @param onLate called with each that becomes ours afterwards: the library was slow, or the tab before this one is
 *   still ending.
 */
export async function claimRecords(
  world: World,
  onLate: (restored: Restored) => void,
): Promise<readonly Restored[]> {
  const listing = world.library.list();
  const records = await inTime(world.clock, listing, undefined);
  if (records === undefined) {
    listing.then(
      (late) => claimLate(world, late.map(keyOf), onLate),
      () => {},
    );
    return [];
  }
  const ours: Restored[] = [];
  const others: string[] = [];
  for (const record of records) {
    const restored = readRecord(record);
    if (restored === undefined) continue;
    if (await world.claims.tryClaim(keyOf(record))) ours.push(restored);
    else others.push(keyOf(record));
  }
  const preferred = [...ours].sort((a, b) => rank(a) - rank(b));
  const chosen = new Set<Restored>();
  for (const restored of preferred) {
    if ([...chosen].some((other) => isSameTorrent(other.link, restored.link)))
      await deleteRecord(world, restored);
    else chosen.add(restored);
  }
  claimLate(world, others, onLate);
  return ours.filter((restored) => chosen.has(restored));
}

/** Claims these names as soon as they are let go of, for some seconds; `take` gets each in that moment. */
function claimLate(
  world: Pick<World, "library" | "claims" | "clock">,
  names: readonly string[],
  take: (restored: Restored) => void,
  waitMs = CLAIM_LATE_FIRST_MS,
): void {
  if (names.length === 0 || waitMs > CLAIM_LATE_LAST_MS) return;
  const { library, claims, clock } = world;
  clock.at(millis(clock.now() + waitMs), async () => {
    const others: string[] = [];
    for (const name of names) {
      if (!(await claims.tryClaim(name))) {
        others.push(name);
        continue;
      }
      // Read only now: until it was let go of, it could be deleted.
      const record = await library.get(name).catch(() => undefined);
      const restored = record && readRecord(record);
      if (restored === undefined) claims.release(name);
      else take(restored);
    }
    claimLate(world, others, take, 2 * waitMs);
  });
}

function keyOf({ share }: KeptRecord): string {
  return share.key;
}

/** What a record is about; undefined when this version of the app cannot read it. */
export function readRecord(record: KeptRecord): Restored | undefined {
  const link = parseShareText(record.share.link);
  const info = parseInfo(record.torrent.info);
  return link.ok && info.ok ? { type: "kept", record, link: link.value, info: info.value } : undefined;
}

/** Places that kept shares name. Rejects when that cannot be known: then nothing may be deleted. */
export async function keptPlaces({ library }: Pick<World, "library">): Promise<ReadonlySet<string>> {
  return new Set((await library.list()).flatMap(({ share }) => share.place ?? []));
}

function rank({ record, info }: Restored): number {
  if (record.share.role === "sender") return 1;
  return union(piecesOf(record, geometryOf(info).pieceCount)).isFull ? 0 : 2;
}

async function deleteRecord({ library, claims, removePlace }: World, { record }: Restored): Promise<void> {
  const { key, place } = record.share;
  await library.forget(key).catch(() => {});
  if (place !== undefined) await removePlace(place);
  claims.release(key);
}

/** What the library answers; `otherwise` when it refuses, or lets the tab wait for too long. */
export function inTime<Value>(clock: Clock, asked: Promise<Value>, otherwise: Value): Promise<Value> {
  return new Promise((resolve) => {
    const cancel = clock.at(millis(clock.now() + LIBRARY_TIMEOUT_MS), () => resolve(otherwise));
    const settle = (answer: Value) => {
      cancel();
      resolve(answer);
    };
    asked.then(settle, () => settle(otherwise));
  });
}
