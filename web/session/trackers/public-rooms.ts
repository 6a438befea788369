/**
 * The rooms of a public torrent: trackers know it by its infohashes, and a hybrid has a swarm under each.
 *
 * Source: BEP 52.
 */
import type { TorrentVersion } from "../../engine/io.ts";
import { type InfoHashes, truncated } from "../../engine/metainfo/info-hashes.ts";

export function publicRooms({ infoHash, infoHashV1 }: InfoHashes): readonly string[] {
  return [...(infoHash === undefined ? [] : [truncated(infoHash)]), ...(infoHashV1 ? [infoHashV1] : [])];
}

/** As which torrent those who meet in one of its rooms know it. */
export function versionMetIn(room: string, { infoHashV1 }: InfoHashes): TorrentVersion {
  return room === infoHashV1 ? "v1" : "v2";
}
