/**
 * Pieces as cells to be painted: as many as there is room for, each standing for one piece or for a run of them.
 */

import type { PieceMap } from "../../store/session.ts";

/**
 * How much of a cell's run is here and how much is asked for, each 0 … 1. In the strip of whoever has everything
 * already: how much is at others too, and how much at nobody else.
 */
export interface Cell {
  readonly have: number;
  readonly asked: number;
}

const ASKED = 1;
const HAVE = 2;

/** @param pieces one byte for each piece: 0 missing, 1 asked for, 2 have. @param count of cells, at most one for each piece is given. */
export function cellsOf(pieces: Uint8Array, count: number): readonly Cell[] {
  const cellCount = Math.min(count, pieces.length);
  return Array.from({ length: cellCount }, (_, cell) => {
    const start = Math.floor((cell * pieces.length) / cellCount);
    const end = Math.floor(((cell + 1) * pieces.length) / cellCount);
    const run = pieces.subarray(start, end);
    return { have: countOf(run, HAVE) / run.length, asked: countOf(run, ASKED) / run.length };
  });
}

/** A cell of the map: what is missing in it, nobody here may have; what is here, one person sent most of. */
export interface MapCell extends Cell {
  readonly isNowhere: boolean;
  /** 0 where nobody is known, else one more than a place in the list of senders. */
  readonly source: number;
}

/** @param pieces of a share. @param count of cells, at most one for each piece is given. */
export function mapCellsOf({ cells, copies, sources }: PieceMap, count: number): readonly MapCell[] {
  return cellsOf(cells, count).map((cell, i, all) => {
    const start = Math.floor((i * cells.length) / all.length);
    const end = Math.floor(((i + 1) * cells.length) / all.length);
    let isNowhere = false;
    let source = 0;
    for (let piece = start; piece < end; piece++) {
      if (cells[piece] === HAVE) source ||= sources[piece] ?? 0;
      else if (copies[piece] === 0) isNowhere = true;
    }
    return { ...cell, isNowhere, source };
  });
}

/** Of a share that is complete here: what others have too, and what only we have. */
export function givenCellsOf({ copies }: PieceMap, count: number): readonly Cell[] {
  return cellsOf(
    copies.map((others) => (others > 0 ? HAVE : ASKED)),
    count,
  );
}

/** Pieces that others have too, 0 … 1. */
export function givenFraction({ copies }: PieceMap): number {
  return copies.length === 0 ? 0 : 1 - countOf(copies, 0) / copies.length;
}

/** Missing pieces that nobody here has, and how many have the rarest of the others; undefined when none is missing. */
export function rarity({ cells, copies }: PieceMap): { nowhere: number; rarest: number | undefined } {
  let nowhere = 0;
  let rarest: number | undefined;
  for (const [piece, cell] of cells.entries()) {
    const count = copies[piece] ?? 0;
    if (cell === HAVE) continue;
    if (count === 0) nowhere++;
    else rarest = Math.min(rarest ?? count, count);
  }
  return { nowhere, rarest };
}

/** Cells for work of which only a fraction is known: full from the left. */
export function filledCells(fraction: number, count: number): readonly Cell[] {
  const filled = fraction * count;
  return Array.from({ length: count }, (_, cell) => ({
    have: Math.min(1, Math.max(0, filled - cell)),
    asked: 0,
  }));
}

export function tally(pieces: Uint8Array): { have: number; asked: number; missing: number } {
  const have = countOf(pieces, HAVE);
  const asked = countOf(pieces, ASKED);
  return { have, asked, missing: pieces.length - have - asked };
}

/** A grid of square cells that fits a width and stays below a height, as large as that allows. */
export interface Grid {
  readonly columns: number;
  readonly cells: number;
  /** Edge of a cell and the distance from one to the next, CSS pixels. */
  readonly edge: number;
  readonly pitch: number;
  readonly height: number;
}

const GAP = 2;
const LARGEST_EDGE = 18;
const SMALLEST_EDGE = 4;

export function gridFor(pieceCount: number, width: number, maxHeight: number): Grid {
  for (let edge = LARGEST_EDGE; edge >= SMALLEST_EDGE; edge--) {
    const pitch = edge + GAP;
    const columns = Math.max(1, Math.floor((width + GAP) / pitch));
    const mostRows = Math.max(1, Math.floor((maxHeight + GAP) / pitch));
    const fits = Math.ceil(pieceCount / columns) <= mostRows;
    if (!fits && edge > SMALLEST_EDGE) continue;
    const cells = Math.min(pieceCount, columns * mostRows);
    const rows = Math.max(1, Math.ceil(cells / columns));
    return { columns, cells, edge, pitch, height: rows * pitch - GAP };
  }
  return { columns: 1, cells: 0, edge: SMALLEST_EDGE, pitch: SMALLEST_EDGE + GAP, height: 0 };
}

function countOf(pieces: Uint8Array, value: number): number {
  let count = 0;
  for (const piece of pieces) if (piece === value) count++;
  return count;
}
