/** Which pieces the chosen files need. A piece of a v1 torrent may hold several files: one that is wanted is enough. */
import type { Priority } from "./availability.ts";
import type { Geometry } from "./geometry.ts";
import type { PieceIndex } from "./units.ts";

export interface WantedPiece {
  readonly piece: PieceIndex;
  readonly isWanted: boolean;
  readonly priority: Priority;
}

const RANKS: Readonly<Record<Priority, number>> = { low: 0, normal: 1, high: 2 };

/** Every piece once, in order. */
export function* piecesWanted(
  geometry: Geometry,
  wantedFiles: readonly boolean[],
  priorities: readonly Priority[],
): Generator<WantedPiece> {
  let last: WantedPiece | undefined;
  for (let file = 0; file < geometry.fileLengths.length; file++) {
    const isWanted = wantedFiles[file] ?? true;
    const first = geometry.firstPieceOf(file);
    for (let index = first; index < first + geometry.pieceCountOf(file); index++) {
      const next = { piece: index as PieceIndex, isWanted, priority: priorities[file] ?? "normal" };
      if (last !== undefined && last.piece !== next.piece) yield last;
      last = last?.piece === next.piece ? either(last, next) : next;
    }
  }
  if (last !== undefined) yield last;
}

/** Both are about the same piece. */
function either(one: WantedPiece, other: WantedPiece): WantedPiece {
  if (one.isWanted !== other.isWanted) return one.isWanted ? one : other;
  return RANKS[one.priority] >= RANKS[other.priority] ? one : other;
}
