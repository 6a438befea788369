/**
 * `npm run bench:engine`: what the engine costs, and how that grows with the swarm and with the torrent.
 *
 * Crowds run in processes of their own, so that memory is theirs alone. Medians of several rounds; --quick for one
 * round of small ones.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "../../tools/command.ts";
import { BLOCK_BYTES } from "../../web/engine/limits.ts";
import { singleFile } from "../../web/sim/synthetic-torrent.ts";
import { World } from "../../web/sim/world.ts";
import { median } from "../figures.ts";
import { pickerCosts } from "./picker.ts";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, rounds: { type: "string" } },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const crowds = options.quick
  ? [
      { peers: 20, pieces: 100 },
      { peers: 100, pieces: 100 },
    ]
  : [
      { peers: 100, pieces: 400 },
      { peers: 1000, pieces: 400 },
      { peers: 5000, pieces: 100 },
    ];
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** What `npm run sim` prints, as far as it is read here. */
interface CrowdReport {
  readonly figures: { readonly blocks: number };
  readonly wallMs: number;
  readonly microsecondsPerBlock: number;
  readonly memoryMiB: number;
}

function runCrowd(peers: number, pieces: number, seed: number): CrowdReport {
  const cli = join(repository, "web/sim/cli.ts");
  const args = ["--import", "tsx", cli, "--peers", peers, "--pieces", pieces, "--seed", seed].map(String);
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1e8 }),
  ) as CrowdReport;
}

/** Microseconds of both ends for one block from a seed to a leecher, alone with each other. */
function pairCost(): number {
  const pieces = options.quick ? 200 : 2000;
  const world = new World(singleFile(pieces, 16 * BLOCK_BYTES, sha256), { seed: 1 });
  world.join({ holds: "everything", upBytesPerSecond: 1e8 });
  world.join({ upBytesPerSecond: 1e8, downBytesPerSecond: 1e8 });
  const startedAt = performance.now();
  world.runUntil(() => world.isEveryoneDone, 3_600_000);
  return ((performance.now() - startedAt) * 1000) / (pieces * 16);
}

const inRounds = (measure: (round: number) => number) =>
  median(Array.from({ length: rounds }, (_, i) => measure(i + 1)));

console.log(`Node ${process.version}, medians of ${rounds} rounds\n`);
console.log("A seed and a leecher, both ends and the simulated network between them:");
console.log(`  ${inRounds(pairCost).toFixed(1)} µs a block\n`);

console.log("A flash crowd:");
console.log("   peers  pieces    blocks   wall s      MiB   µs a block (all peers and the network)");
for (const { peers, pieces } of crowds) {
  const reports = Array.from({ length: peers > 1000 ? 1 : rounds }, (_, i) => runCrowd(peers, pieces, i + 1));
  const of = (read: (report: CrowdReport) => number) => median(reports.map(read));
  const cells = [peers, pieces, of(({ figures }) => figures.blocks)].map((value, i) =>
    String(value).padStart(i === 2 ? 10 : 8),
  );
  const wall = (of(({ wallMs }) => wallMs) / 1000).toFixed(1).padStart(9);
  const memory = of(({ memoryMiB }) => memoryMiB)
    .toFixed(0)
    .padStart(9);
  const cost = of(({ microsecondsPerBlock }) => microsecondsPerBlock)
    .toFixed(0)
    .padStart(13);
  console.log(`${cells.join("")}${wall}${memory}${cost}`);
}

console.log("\nOne pick of one block, µs, by the pieces of the torrent and what the peer has of them:");
console.log("   pieces  everything   one in two   ten pieces   ten, all asked   snapshot µs");
for (const pieces of [1000, 10_000, 100_000]) {
  const costs = Array.from({ length: rounds }, () => pickerCosts(pieces));
  const of = (read: (cost: ReturnType<typeof pickerCosts>) => number) =>
    median(costs.map(read)).toFixed(2).padStart(13);
  console.log(
    `${String(pieces).padStart(9)}${of((c) => c.everything)}${of((c) => c.half)}${of((c) => c.ten)}${of((c) => c.nothingLeft)}${of((c) => c.snapshot)}`,
  );
}
