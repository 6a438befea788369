/** What we have of a torrent when we begin to take part in its swarm. */
import { Bitfield } from "../../engine/bitfield.ts";
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { Torrent } from "../../engine/metainfo/torrent.ts";
import type { Restored } from "../keeping/restoring.ts";
import { piecesOf, union } from "../keeping/stored-pieces.ts";
import type { Publication } from "../torrents/publish.ts";
import { type Trees, treesOf } from "../verifying/trees.ts";
import type { World } from "../world.ts";

export type Beginning =
  /** Nothing: a link was opened. */
  | { readonly type: "nothing" }
  /** Our own files. */
  | { readonly type: "published"; readonly publication: Publication }
  /** What an earlier session had: pieces in a store, or in files that are yet to be given by `takeFiles`. */
  | (Pieces & { readonly type: "kept" })
  /** A .torrent file: what it is, and nothing of it yet. */
  | (Pieces & { readonly type: "known" });

interface Pieces {
  readonly info: Info;
  readonly trees: Trees;
  readonly have: Bitfield;
}

/** Undefined where others have to be asked for it. */
export function infoOf(beginning: Beginning): Info | undefined {
  if (beginning.type === "nothing") return undefined;
  return beginning.type === "published" ? beginning.publication.info : beginning.info;
}

/** A .torrent says at once what others have to be asked for. */
export function beginningOfTorrent(
  { info, layers }: Torrent,
  { sha256 }: Pick<World, "sha256">,
): Beginning & { type: "known" } {
  const have = new Bitfield(geometryOf(info).pieceCount);
  return { type: "known", info, trees: treesOf(info, layers, sha256), have };
}

/** Of what was shared everything is there, as far as its files can be opened again. */
export function beginningOfRecord(
  { record, info }: Restored,
  { sha256 }: Pick<World, "sha256">,
): Beginning & { type: "kept" } {
  const { pieceCount } = geometryOf(info);
  const isSender = record.share.role === "sender";
  const have = isSender ? Bitfield.full(pieceCount) : union(piecesOf(record, pieceCount));
  return { type: "kept", info, trees: treesOf(info, record.torrent.layers, sha256), have };
}
