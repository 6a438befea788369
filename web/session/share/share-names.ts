/**
 * By what others find a share: its link, its .torrent file, and the trackers and web seeds that these name.
 *
 * Invariants
 *  1. A private share is named by its private link alone: no .torrent file, no tracker but ours, no web seed.
 *  2. Our tracker comes first and only once; a torrent that says it is private keeps to its own trackers (BEP 27).
 */
import type { Info } from "../../engine/metainfo/info.ts";
import type { InfoHashes } from "../../engine/metainfo/info-hashes.ts";
import { formatPrivateLink, formatPublicLink } from "../../engine/metainfo/share-link.ts";
import { encodeTorrent, type Torrent } from "../../engine/metainfo/torrent.ts";
import type { World } from "../world.ts";
import type { FilesOrLink } from "./share-origin.ts";

/** What its names are made of. */
export interface NamedShare {
  readonly origin: FilesOrLink;
  readonly isPublic: boolean;
  readonly hasPassword: boolean;
  readonly hashes: InfoHashes | undefined;
  readonly info: Info | undefined;
}

type Here = Pick<World, "linkBase" | "trackerUrl">;

/** The whole link; empty until the infohash is known. */
export function linkOf(share: NamedShare, { linkBase, trackerUrl }: Here): string {
  const { origin, isPublic, hasPassword, hashes, info } = share;
  if (hashes === undefined) return "";
  if (!isPublic && hashes.infoHash !== undefined) {
    return formatPrivateLink(linkBase, hashes.infoHash, hasPassword);
  }
  const webSeeds = webSeedsOf(origin, isPublic);
  return formatPublicLink(linkBase, {
    ...hashes,
    ...(info !== undefined && { name: info.name }),
    trackers: [...new Set([trackerUrl, ...foreignTrackersOf(origin, isPublic).flat()])],
    ...(webSeeds.length > 0 && { webSeeds }),
  });
}

/** The link to be opened again in a later session: as it was opened, with trackers that are not ours. */
export function keptLinkOf(share: NamedShare, here: Here): string {
  const { origin } = share;
  if (origin.type === "files" || origin.link.kind === "private") return linkOf(share, here);
  return formatPublicLink(here.linkBase, origin.link);
}

/**
 * A .torrent of it; undefined for a private share, which such a file would give away to anybody.
 *
 * @param layers those that were fetched or made; a .torrent file that it came as has its own.
 */
export function torrentFileOf(
  { origin, isPublic, info }: NamedShare,
  layers: Torrent["layers"],
  { trackerUrl }: Here,
): Uint8Array | undefined {
  if (info === undefined || !isPublic) return undefined;
  const tiers = foreignTrackersOf(origin, isPublic);
  return encodeTorrent({
    info,
    // Peers only from the torrent's own trackers, and ours is none of them (BEP 27).
    tiers: info.isPrivate ? tiers : oursFirst(trackerUrl, tiers),
    webSeeds: webSeedsOf(origin, isPublic),
    layers: (origin.type === "link" ? origin.torrent?.layers : undefined) ?? layers,
  });
}

/** Trackers of others that a public share names, tier by tier; a private one is announced to ours alone. */
export function foreignTrackersOf(origin: FilesOrLink, isPublic: boolean): readonly (readonly string[])[] {
  if (origin.type === "files" || !isPublic) return [];
  return origin.torrent?.tiers ?? origin.link.trackers.map((tracker) => [tracker]);
}

/** HTTP servers that have the files of a public share. */
export function webSeedsOf(origin: FilesOrLink, isPublic: boolean): readonly string[] {
  if (origin.type === "files" || !isPublic) return [];
  return origin.link.webSeeds ?? [];
}

function oursFirst(ours: string, tiers: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const others = tiers.map((tier) => tier.filter((url) => url !== ours));
  return [[ours], ...others.filter((tier) => tier.length > 0)];
}
