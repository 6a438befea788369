/** What one tab stored and another one's record lacks, when that other one is gone. */
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { KeptRecord } from "../../ports/library.ts";
import type { PieceSource } from "../../ports/piece-store.ts";
import type { World } from "../world.ts";
import { piecesOf, type StoredPieces, union } from "./stored-pieces.ts";

/**
 * Adds to another tab's record what this tab has stored and that one had not.
 * @returns the record as it is then.
 */
export async function mergeInto(
  record: KeptRecord,
  info: Info,
  ours: StoredPieces,
  source: PieceSource,
  world: Pick<World, "openStore" | "library">,
): Promise<KeptRecord> {
  const geometry = geometryOf(info);
  const theirs = piecesOf(record, geometry.pieceCount);
  const { place } = record.share;
  if (place === undefined) return record;
  const { store, have } = await world.openStore(info, { place, have: union(theirs) });
  try {
    const added = new Set<number>();
    const lacking = () => [...union(ours)].filter((piece) => !have.has(piece) && !added.has(piece));
    // More may arrive here meanwhile.
    for (let pieces = lacking(); pieces.length > 0; pieces = lacking()) {
      for (const index of pieces) {
        const piece = index as PieceIndex;
        await store.write(piece, await source.read(piece, 0, geometry.pieceBytes(piece)));
        added.add(piece);
        theirs.unsure.set(piece);
      }
    }
  } finally {
    await store.close();
  }
  const progress = { ...record.progress, unsure: theirs.unsure.toBytes() };
  await world.library.note(record.share.key, { progress });
  return { ...record, progress };
}
