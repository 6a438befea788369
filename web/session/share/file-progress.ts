/** How much of each file is here, from the piece map. */
import type { Geometry } from "../../engine/geometry.ts";
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { FileSnapshot } from "../snapshot.ts";

/** The value of a piece that is stored, in the piece map. */
const HAVE = 2;

/** @param wanted one flag for each file; undefined when all are. */
export function fileSnapshots(
  info: Info,
  pieces: Uint8Array,
  wanted: readonly boolean[] | undefined,
): readonly FileSnapshot[] {
  const geometry = geometryOf(info);
  return info.files.map(({ path, length }, file) => ({
    path,
    size: length,
    have: bytesHeld(geometry, file, pieces),
    hasBegun: pieces[geometry.firstPieceOf(file)] === HAVE && length > 0,
    wanted: wanted?.[file] ?? true,
  }));
}

/** The name of the first file that has bytes in the piece. */
export function fileNameOf(info: Info, piece: PieceIndex): string {
  return info.files[geometryOf(info).fileOf(piece)]?.path.at(-1) ?? "";
}

/** The piece that was just stored is the beginning of a file, or the last that one lacked. */
export function changesFileList(info: Info, piece: PieceIndex, has: (piece: PieceIndex) => boolean): boolean {
  const geometry = geometryOf(info);
  return geometry.parts(piece).some(({ file, offsetInFile }) => {
    if (offsetInFile === 0) return true;
    const first = geometry.firstPieceOf(file);
    for (let other = first; other < first + geometry.pieceCountOf(file); other++) {
      if (!has(other as PieceIndex)) return false;
    }
    return true;
  });
}

function bytesHeld(geometry: Geometry, file: number, pieces: Uint8Array): number {
  const first = geometry.firstPieceOf(file);
  let bytes = 0;
  for (let piece = first; piece < first + geometry.pieceCountOf(file); piece++) {
    if (pieces[piece] === HAVE) bytes += geometry.bytesOfFileIn(file, piece as PieceIndex);
  }
  return bytes;
}
