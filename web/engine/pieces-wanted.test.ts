import { expect, test } from "vitest";
import { Geometry } from "./geometry.ts";
import { piecesWanted } from "./pieces-wanted.ts";

/** Pieces: 0 holds files 0 and 1, 1 holds 1 alone, 2 holds 1 and 2. */
const geometry = new Geometry(10, [4, 20, 6], { offsets: [0, 4, 24], streamLength: 30 });

const pictured = (wanted: readonly boolean[], priorities: readonly ("low" | "normal" | "high")[] = []) =>
  [...piecesWanted(geometry, wanted, priorities)].map(
    ({ piece, isWanted, priority }) => `${piece}${isWanted ? "+" : "-"}${priority}`,
  );

test("[BEP 3] a piece is wanted for any file in it, and is as urgent as the most urgent of those", () => {
  expect(pictured([true, false, false])).toEqual(["0+normal", "1-normal", "2-normal"]);
  expect(pictured([false, false, true], ["high", "normal", "low"])).toEqual(["0-high", "1-normal", "2+low"]);
  expect(pictured([true, true, true], ["low", "normal", "high"])).toEqual(["0+normal", "1+normal", "2+high"]);
});
