/**
 * Blocks that are fetched together: neighbours in the torrent, so that few long ranges are asked of a server
 * instead of many of 16 KiB.
 *
 * Invariant: the ranges of a run, one after another, are the bytes of its blocks in their order, padding left out.
 */
import type { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { BlockRequest } from "../../engine/wire/message.ts";
import { WEB_SEED_RUN_BYTES } from "../limits.ts";

/** Bytes of one file that belong to one block. */
interface Share {
  readonly block: number;
  readonly offsetInBlock: number;
  readonly length: number;
}

/** A range of one file, and which blocks its bytes fill, in order. */
export interface FileRange {
  readonly file: number;
  readonly begin: number;
  end: number;
  readonly shares: Share[];
}

/** Requests that wait, by their place. */
export class BlockQueue {
  readonly #waiting = new Map<string, BlockRequest>();

  get size(): number {
    return this.#waiting.size;
  }

  add(request: BlockRequest): void {
    this.#waiting.set(keyOf(request), request);
  }

  /** @returns whether it was waiting. */
  remove(request: BlockRequest): boolean {
    return this.#waiting.delete(keyOf(request));
  }

  clear(): BlockRequest[] {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    return all;
  }

  /** Takes out the one that waits longest, and what follows it directly in the torrent. */
  takeRun(geometry: Geometry): BlockRequest[] {
    const run: BlockRequest[] = [];
    let bytes = 0;
    let [next] = this.#waiting.values();
    while (next !== undefined && bytes < WEB_SEED_RUN_BYTES) {
      run.push(next);
      bytes += next.length;
      this.#waiting.delete(keyOf(next));
      const end: number = next.begin + next.length;
      const isPieceEnd = end >= geometry.pieceBytes(next.piece as PieceIndex);
      next = this.#waiting.get(
        isPieceEnd ? keyOf({ piece: next.piece + 1, begin: 0 }) : keyOf({ ...next, begin: end }),
      );
    }
    return run;
  }
}

function keyOf({ piece, begin }: Pick<BlockRequest, "piece" | "begin">): string {
  return `${piece} ${begin}`;
}

/** Which ranges of which files the blocks are. */
export function rangesOf(run: readonly BlockRequest[], geometry: Geometry): FileRange[] {
  const ranges: FileRange[] = [];
  for (const [block, { piece, begin, length }] of run.entries()) {
    for (const part of geometry.parts(piece as PieceIndex, begin, length)) {
      const share = { block, offsetInBlock: part.offsetInPiece - begin, length: part.length };
      const last = ranges.at(-1);
      if (last?.file === part.file && last.end === part.offsetInFile) {
        last.end += part.length;
        last.shares.push(share);
      } else {
        const begin = part.offsetInFile;
        ranges.push({ file: part.file, begin, end: begin + part.length, shares: [share] });
      }
    }
  }
  return ranges;
}
