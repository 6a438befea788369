/**
 * A scenario is played once for each of its seeds. One that fails says with which command that seed alone is played
 * again; with SIM_OUT the samples and the plot of what was played are written there (`npm run sim -- --scenario`).
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { plotSwarm } from "../plot.ts";
import { type Sample, takeSample } from "../sample.ts";
import { World } from "../world.ts";

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(bytes).digest());

const { SIM_SEED: only, SIM_OUT: out } = process.env;

export function scenario(
  title: string,
  play: (seed: number) => void,
  seeds: readonly number[] = [1, 2],
): void {
  const chosen = only === undefined ? seeds : [Number(only)];
  for (const seed of chosen) test(`${title} (seed ${seed})`, () => playOnce(title, play, seed));
}

function playOnce(title: string, play: (seed: number) => void, seed: number): void {
  const watched = out === undefined ? undefined : watchWorlds();
  try {
    play(seed);
  } catch (error) {
    const [name = title] = title.split(":");
    if (error instanceof Error)
      error.message += `\nAgain: npm run sim -- --scenario ${JSON.stringify(name)} --seed ${seed} --out DIR`;
    throw error;
  } finally {
    if (out !== undefined && watched !== undefined) write(out, title, seed, watched);
  }
}

interface Watched {
  readonly world: World;
  readonly samples: Sample[];
}

/** What happens in each world from here on, second by second. */
function watchWorlds(): readonly Watched[] {
  const all: Watched[] = [];
  World.onCreated = (world) => {
    const samples: Sample[] = [];
    all.push({ world, samples });
    const look = () => {
      samples.push(takeSample(world));
      world.heap.after(1000, look);
    };
    world.heap.after(0, look);
  };
  return all;
}

/** Of several worlds, the one that took longest. */
function write(folder: string, title: string, seed: number, watched: readonly Watched[]): void {
  World.onCreated = () => {};
  const [longest] = [...watched].sort((a, b) => b.samples.length - a.samples.length);
  if (longest === undefined) return;
  const samples = [...longest.samples, takeSample(longest.world)];
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const name = `scenario-${words.slice(0, 8).join("-")}-seed-${seed}`;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(`${path}.json`, `${JSON.stringify({ title, seed, samples }, null, 1)}\n`);
  writeFileSync(`${path}.svg`, plotSwarm({ head: title, samples }));
}
