import { describe, expect, test } from "vitest";
import {
  cellsOf,
  filledCells,
  givenCellsOf,
  givenFraction,
  gridFor,
  mapCellsOf,
  rarity,
  tally,
} from "./cells.ts";

/** "x" is here, "?" is asked for, "." is missing. */
const pieces = (picture: string) => Uint8Array.from(picture, (sign) => ".?x".indexOf(sign));

describe("cells", () => {
  test("stand for one piece each where there is room", () => {
    expect(cellsOf(pieces("x?."), 10)).toEqual([
      { have: 1, asked: 0 },
      { have: 0, asked: 1 },
      { have: 0, asked: 0 },
    ]);
  });

  test("stand for runs of pieces where there is not, none left out and none counted twice", () => {
    expect(cellsOf(pieces("xxx.??...x"), 4)).toEqual([
      { have: 1, asked: 0 },
      { have: 1 / 3, asked: 1 / 3 },
      { have: 0, asked: 0.5 },
      { have: 1 / 3, asked: 0 },
    ]);
  });

  test("are none for a share without pieces", () => {
    expect(cellsOf(new Uint8Array(0), 10)).toEqual([]);
  });

  test("fill from the left where only a fraction is known", () => {
    expect(filledCells(0.625, 4).map((cell) => cell.have)).toEqual([1, 1, 0.5, 0]);
  });
});

describe("cells of the map", () => {
  const map = {
    version: 1,
    cells: pieces("xx.?.."),
    copies: Uint8Array.from([1, 1, 3, 2, 0, 0]),
    sources: Uint8Array.from([2, 1, 0, 0, 0, 0]),
    senders: ["a", "b"],
  };

  test("tell who sent what is here and what nobody here has", () => {
    const cells = mapCellsOf(map, 6);
    expect(cells.map((cell) => cell.source)).toEqual([2, 1, 0, 0, 0, 0]);
    expect(cells.map((cell) => cell.isNowhere)).toEqual([false, false, false, false, true, true]);
    expect(mapCellsOf(map, 2).map((cell) => cell.source)).toEqual([2, 0]);
  });

  test("are summed up: how many are nowhere, and how rare the rarest of the others is", () => {
    expect(rarity(map)).toEqual({ nowhere: 2, rarest: 2 });
    expect(rarity({ ...map, cells: pieces("xxxxxx") })).toEqual({ nowhere: 0, rarest: undefined });
  });
});

test("the tally adds up to all pieces", () => {
  expect(tally(pieces("xx?..."))).toEqual({ have: 2, asked: 1, missing: 3 });
});

describe("the grid", () => {
  test.each([1, 13, 400, 2_048, 100_000])("of %d pieces stays within its height and width", (count) => {
    for (const width of [280, 640, 1_080]) {
      const grid = gridFor(count, width, 200);
      expect(grid.height).toBeLessThanOrEqual(200);
      expect(grid.columns * grid.pitch).toBeLessThanOrEqual(width + 2);
      expect(Math.ceil(grid.cells / grid.columns) * grid.pitch - 2).toBe(grid.height);
    }
  });

  test("shows every piece as long as the smallest cells have room, and runs of them beyond", () => {
    expect(gridFor(2_048, 640, 200).cells).toBe(2_048);
    expect(gridFor(100_000, 640, 200).cells).toBeLessThan(100_000);
  });

  test("takes the largest cells that fit", () => {
    expect(gridFor(20, 640, 200).edge).toBeGreaterThan(gridFor(2_000, 640, 200).edge);
  });
});

describe("what was given", () => {
  const map = {
    version: 1,
    cells: pieces("xxxx"),
    copies: Uint8Array.from([0, 1, 3, 0]),
    sources: new Uint8Array(4),
    senders: [],
  };

  test("is what others have too; the rest is here alone", () => {
    expect(givenCellsOf(map, 4).map(({ have, asked }) => [have, asked])).toEqual([
      [0, 1],
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
    expect(givenFraction(map)).toBe(0.5);
  });

  test("is nothing of a share without pieces", () => {
    expect(givenFraction({ ...map, copies: new Uint8Array(0) })).toBe(0);
  });
});
