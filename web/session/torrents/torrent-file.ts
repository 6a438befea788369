/**
 * A .torrent file that a person opens: read here, in the worker, so that a large one holds up nothing that is seen.
 *
 * Invariant: whatever the bytes are, the outcome is a torrent or one of a few troubles that a sentence can name.
 */
import type { PublicLink } from "../../engine/metainfo/share-link.ts";
import {
  type Digests,
  parseTorrent,
  type Torrent,
  type TorrentReason,
} from "../../engine/metainfo/torrent.ts";
import { fail, invariant, ok, type Result } from "../../engine/units.ts";
import { MAX_TORRENT_FILE_BYTES } from "../limits.ts";
import type { TorrentTrouble } from "../snapshot.ts";

export interface OpenedTorrentFile {
  readonly torrent: Torrent;
  /** The torrent as a link that leads to it. */
  readonly link: PublicLink;
}

/** Never rejects. */
export async function readTorrentFile(
  file: Blob,
  digests: Digests,
): Promise<Result<OpenedTorrentFile, TorrentTrouble>> {
  if (file.size > MAX_TORRENT_FILE_BYTES) return fail("too-large");
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (bytes === undefined) return fail("unreadable");
  const torrent = parseTorrent(new Uint8Array(bytes), digests);
  if (!torrent.ok) return fail(troubleOf(torrent.reason));
  return ok({ torrent: torrent.value, link: linkOf(torrent.value) });
}

/** The trouble that a reason belongs to. */
export function troubleOf(reason: TorrentReason): TorrentTrouble {
  return troubles[reason];
}

function linkOf({ info, infoHash, infoHashV1, tiers, webSeeds }: Torrent): PublicLink {
  const rest = {
    kind: "public",
    password: false,
    name: info.name,
    trackers: tiers.flat(),
    ...(webSeeds.length > 0 && { webSeeds }),
  } as const;
  if (infoHash !== undefined) {
    return { ...rest, infoHash, ...(infoHashV1 !== undefined && { infoHashV1 }) };
  }
  invariant(infoHashV1, "a torrent has a v1 infohash, a v2 one, or both");
  return { ...rest, infoHashV1 };
}

const troubles: Readonly<Record<TorrentReason, TorrentTrouble>> = {
  "unexpected-end": "not-a-torrent",
  "unexpected-byte": "not-a-torrent",
  "trailing-bytes": "not-a-torrent",
  "integer-malformed": "not-a-torrent",
  "integer-too-long": "not-a-torrent",
  "length-malformed": "not-a-torrent",
  "duplicate-key": "not-a-torrent",
  "not-a-dictionary": "not-a-torrent",
  "info-missing": "not-a-torrent",
  "too-deep": "too-deep",
  "path-too-deep": "too-deep",
  "too-many-tokens": "too-many",
  "too-many-files": "too-many",
  "too-many-pieces": "too-many",
  "no-files": "empty",
  "no-bytes": "empty",
  "name-missing": "names",
  "path-malformed": "names",
  "duplicate-path": "names",
  "file-tree-malformed": "names",
  "pad-file-in-tree": "names",
  "piece-length-invalid": "sizes",
  "length-invalid": "sizes",
  "pieces-invalid": "contradiction",
  "pieces-root-invalid": "contradiction",
  "piece-layer-invalid": "contradiction",
  "piece-layer-unknown": "contradiction",
  "views-disagree": "contradiction",
  "not-canonical": "contradiction",
  "meta-version-unknown": "version",
};
