/** What the literature says of picking, seen in the simulator. */
import { expect } from "vitest";
import { scenario } from "../scenarios/scenario.ts";
import { CLUB, clubAfter, completesAfterTwoCopies } from "./picking.ts";

scenario(
  "[Cohen 2003 §2.4.2] when the seed leaves early everything is there with rarest first, and not with random order",
  (seed) => {
    expect(completesAfterTwoCopies(seed, false)).toBe(true);
    expect(completesAfterTwoCopies(seed, true)).toBe(false);
  },
);

scenario(
  "[Hajek and Zhu 2011] the club that lacks one piece dissolves while fewer arrive than the seed gives pieces, else it grows",
  (seed) => {
    expect(clubAfter(100, 0.4, seed)).toBeLessThan(CLUB / 2);
    expect(clubAfter(100, 1.6, seed)).toBeGreaterThan(2 * CLUB);
  },
);
