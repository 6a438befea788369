import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { crowdFigures } from "../crowd-figures.ts";
import { runCrowd } from "../flash-crowd.ts";
import { scenario, sha256 } from "./scenario.ts";

scenario(
  "35: [Kumar and Ross 2006] a small flash crowd finishes near the bound that nobody can beat",
  (seed) => {
    const figures = crowdFigures(runCrowd({ peers: 40, pieces: 300, seed }, sha256));
    expect(figures.finished).toBe(40);
    expect(figures.meanOverShortest).toBeLessThan(1.15);
    expect(figures.lastOverShortest).toBeLessThan(1.35);
  },
);

scenario(
  "24: the endgame of few peers with whole pieces wastes at most one byte in a hundred",
  (seed) => {
    const crowd = { peers: 6, pieces: 100, pieceBytes: 4 * BLOCK_BYTES, up: 200_000, seed };
    expect(crowdFigures(runCrowd(crowd, sha256)).waste).toBeLessThanOrEqual(0.01);
  },
  [1, 7, 11, 19, 23, 24, 35],
);

scenario("48: a crowd completes although one link in five cannot be made", (seed) => {
  const run = runCrowd({ peers: 30, pieces: 60, unreachable: 0.2, seed }, sha256);
  expect(run.contributors).toHaveLength(30);
});
