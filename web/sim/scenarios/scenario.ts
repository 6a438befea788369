/**
 * A scenario is played once for each of its seeds; the title of a failing one names the seed, and
 * `SIM_SEED=n npx vitest run web/sim/scenarios -t "title"` plays that seed alone.
 */
import { test } from "vitest";
import { digests } from "../digests.ts";

export const { sha256 } = digests;

const only = process.env.SIM_SEED;

export function scenario(
  title: string,
  play: (seed: number) => void,
  seeds: readonly number[] = [1, 2],
): void {
  const chosen = only === undefined ? seeds : [Number(only)];
  for (const seed of chosen) test(`${title} (seed ${seed})`, () => play(seed), 120_000);
}
