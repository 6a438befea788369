/**
 * `npm run bench:engine`: what the engine costs, and how that grows with the swarm and with the torrent. Some eight
 * minutes; --quick for one round of small ones.
 *
 * The largest crowd has an eighth of the pieces, or it would take half an hour. Meeting each other costs as much for few
 * pieces as for many, so it is to be compared with smaller crowds that have as few.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../../tools/command.ts";
import { BLOCK_BYTES } from "../../web/engine/limits.ts";
import { LARGE_CROWD } from "../../web/sim/crowd-options.ts";
import { digests } from "../../web/sim/digests.ts";
import { singleFile } from "../../web/sim/synthetic-torrent.ts";
import { World } from "../../web/sim/world.ts";
import { median, medians, table } from "../figures.ts";
import type { CrowdCosts } from "./crowd.ts";
import { pickerCosts } from "./picker.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, rounds: { type: "string" } },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const WHOLE = "whole download";
const SHORT = "few pieces, much meeting";
const crowds = options.quick
  ? [
      { what: SHORT, peers: 20, pieces: 100, runs: rounds },
      { what: SHORT, peers: 100, pieces: 100, runs: rounds },
    ]
  : [
      { what: WHOLE, peers: 100, pieces: 400, runs: rounds },
      { what: WHOLE, peers: 1000, pieces: 400, runs: rounds },
      { what: SHORT, peers: 100, pieces: 50, runs: rounds },
      { what: SHORT, peers: 1000, pieces: 50, runs: rounds },
      { what: SHORT, peers: 5000, pieces: 50, runs: rounds },
    ];

function runCrowd(...args: readonly number[]): CrowdCosts {
  const script = join(repository, "bench/engine/crowd.ts");
  const flags = ["--max-semi-space-size=128", "--import", "tsx"];
  const json = execFileSync(process.execPath, [...flags, script, ...args.map(String)]);
  return JSON.parse(json.toString()) as CrowdCosts;
}

function crowdRow({ what, peers, pieces, runs }: (typeof crowds)[number]): string[] {
  const costs = medians(Array.from({ length: runs }, (_, i) => ({ ...runCrowd(peers, pieces, i + 1) })));
  const { blocks, threads, wallSeconds, memoryMiB, enginePerBlock, perBlock } = costs;
  const whole = [peers, pieces, runs, blocks, threads].map((value) => value.toFixed(0));
  return [
    what,
    ...whole,
    ...[wallSeconds, memoryMiB, enginePerBlock, perBlock].map((value) => value.toFixed(1)),
  ];
}

/** Microseconds of both ends for one block from a seed to a leecher, alone with each other. */
function pairCost(): number {
  const pieces = options.quick ? 200 : 500;
  const world = new World(singleFile(pieces, 16 * BLOCK_BYTES, digests.sha256), { seed: 1 });
  world.join({ holds: "everything", upBytesPerSecond: 1e8 });
  world.join({ upBytesPerSecond: 1e8, downBytesPerSecond: 1e8 });
  const startedAt = performance.now();
  world.runUntil(() => world.isEveryoneDone, 3_600_000);
  return ((performance.now() - startedAt) * 1000) / (pieces * 16);
}

function pickRow(pieces: number): string[] {
  const costs = medians(Array.from({ length: rounds }, () => ({ ...pickerCosts(pieces) })));
  const { everything, half, ten, nothingLeft, snapshot } = costs;
  return [
    String(pieces),
    ...[everything, half, ten, nothingLeft, snapshot].map((microseconds) => microseconds.toFixed(2)),
  ];
}

console.log(`Node ${process.version}; medians of ${rounds} rounds, of as many runs as said for crowds\n`);
console.log("A seed and a leecher, both ends and the simulated network between them:");
console.log(`  ${median(Array.from({ length: rounds }, pairCost)).toFixed(1)} µs a block\n`);

console.log(
  `A seed and a crowd that comes all at once, pieces of ${LARGE_CROWD.pieceBytes / 1024} KiB, ${LARGE_CROWD.links} dials each, until all have everything:
medians of runs with the seeds 1, 2, …, on as many threads as \`npm run sim\` takes. Wall time and memory are those of the whole process,
memory at its most; µs a block of all peers and all threads together, of the engines alone and of everything, with what threads wait`,
);
const crowdHead = [
  "",
  "peers",
  "pieces",
  "runs",
  "blocks",
  "threads",
  "wall s",
  "MiB",
  "engine µs",
  "all µs",
];
console.log(table([crowdHead, ...crowds.map(crowdRow)]));

console.log("\nOne pick of one block, µs, by the pieces of the torrent and what the peer has of them:");
const pickHead = ["pieces", "everything", "one in two", "ten pieces", "ten, all asked", "snapshot µs"];
console.log(table([pickHead, ...[1000, 10_000, 100_000].map(pickRow)]));
