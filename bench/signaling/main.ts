/**
 * `npm run bench:signaling`: our tracker beside bittorrent-tracker's, in one run on this machine.
 *
 * Tracker and load are processes of their own, both get the same load, and rounds are interleaved, so that a
 * machine that slows down slows both. Prints medians and ratios, writes every run to bench/results/.
 * `--quick` takes a fraction of the time, `--only saturation,idle,dialects,cluster` some of the parts.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasRedis } from "../../signaling/test-redis.ts";
import { repository } from "../../tools/command.ts";
import { medians } from "../figures.ts";
import { measureDialect } from "./dialects.ts";
import { type Load, measureCluster, measureIdle, measureOffers, openFilesLimit } from "./measure.ts";
import {
  clusterTable,
  dialectTable,
  type IdleFigures,
  idleTable,
  saturationTable,
  type Target,
  targetTable,
} from "./report.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "saturation,idle,dialects,cluster" },
    rounds: { type: "string" },
    sockets: { type: "string", default: "20000" },
  },
});
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const load: Load = options.quick
  ? { swarms: 10, warmUpSeconds: 1, seconds: 2 }
  : { swarms: 20, warmUpSeconds: 3, seconds: 6 };
/** Announces under way that keep either tracker busy all the time. */
const UNDER_WAY = 200;
const sockets = options.quick ? 2_000 : Number(options.sockets);

const programs = ["bittorrent-tracker", "shoal"] as const;
type Runs = Awaited<ReturnType<typeof measureOffers>>[];

const parts = { saturation, idle, dialects, cluster };
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}`;
console.log(
  `${machine}\nswarms of 50, five offers in each announce, every offer answered; rounds: ${rounds}\n`,
);

/** What was aimed at, and what came of it, in the order of the parts. */
const targets: Target[] = [];
const results: Record<string, unknown> = { machine, rounds, load };
for (const [name, measure] of Object.entries(parts)) {
  if (options.only.split(",").includes(name)) results[name] = await measure();
}
console.log(`${targetTable(targets)}\n`);
const folder = join(repository, "bench", "results");
mkdirSync(folder, { recursive: true });
const file = join(folder, `signaling-${new Date().toISOString().replaceAll(":", "-")}.json`);
writeFileSync(file, JSON.stringify(results, undefined, 2));
console.log(`Every run: ${file}`);

/** How much each can do, and how fast each is when both do what the reference can do at most. */
async function saturation(): Promise<unknown> {
  const most = await interleaved({ underWay: UNDER_WAY });
  const reference = medians(most["bittorrent-tracker"]);
  console.log(
    `as fast as it goes (${UNDER_WAY} announces under way)\n${saturationTable({ "bittorrent-tracker": reference, shoal: medians(most.shoal) })}\n`,
  );
  const perSecond = Math.floor(reference.announcesPerSecond);
  const same = await interleaved({ perSecond });
  const paced = {
    "bittorrent-tracker": medians(same["bittorrent-tracker"]),
    shoal: medians(same.shoal),
  };
  console.log(
    `both at the saturation load of bittorrent-tracker (${perSecond} announces/s)\n${saturationTable(paced)}\n`,
  );
  const [ours, theirs] = [paced.shoal.relayP99Ms, paced["bittorrent-tracker"].relayP99Ms];
  const faster = medians(most.shoal).announcesPerSecond / reference.announcesPerSecond;
  targets.push(
    {
      what: "announces/s beside bittorrent-tracker's",
      target: "≥ 1.5 ×",
      value: `${faster.toFixed(2)} ×`,
      isMet: faster >= 1.5,
    },
    {
      what: "p99 relay latency at its saturation load",
      target: `≤ ${theirs.toFixed(1)} ms (its own)`,
      value: `${ours.toFixed(1)} ms`,
      isMet: ours <= theirs,
    },
  );
  return { most, same };
}

async function interleaved(
  pace: Parameters<typeof measureOffers>[2],
): Promise<Record<(typeof programs)[number], Runs>> {
  const runs = { "bittorrent-tracker": [] as Runs, shoal: [] as Runs };
  for (let round = 0; round < rounds; round++) {
    for (const program of round % 2 === 0 ? programs : [...programs].reverse()) {
      runs[program].push(await measureOffers(program, load, pace));
    }
  }
  return runs;
}

async function idle(): Promise<unknown> {
  const limit = openFilesLimit();
  if (limit < sockets + 100)
    console.log(
      `This machine lets a process open ${limit} files, so not all ${sockets} sockets can be held.`,
    );
  const figures = {
    "bittorrent-tracker": await measureIdle("bittorrent-tracker", sockets),
    shoal: await measureIdle("shoal", sockets),
  };
  console.log(`idle sockets, each in a swarm\n${idleTable(figures)}\n`);
  const perSocket = ({ held, before, after }: IdleFigures) =>
    (after.rssBytes - before.rssBytes) / held / 1024;
  const [ours, theirs] = [perSocket(figures.shoal), perSocket(figures["bittorrent-tracker"])];
  targets.push(
    {
      what: "memory per idle socket",
      target: `< ${theirs.toFixed(2)} KiB (its own)`,
      value: `${ours.toFixed(2)} KiB`,
      isMet: ours < theirs,
    },
    {
      what: "idle sockets in one process",
      target: `${sockets}`,
      value: `${figures.shoal.held}${limit < sockets + 100 ? ` (open files: ${limit})` : ""}`,
      isMet: figures.shoal.held >= sockets,
    },
  );
  return figures;
}

async function dialects(): Promise<unknown> {
  const rows = [];
  for (const size of [2, 5, 20, 50]) {
    const webTorrent = await measureDialect("webtorrent", size);
    rows.push({
      webTorrent,
      ours: await measureDialect("shoal", size),
      late: await measureDialect("shoal, late candidates", size),
    });
  }
  console.log(
    `what a formed connection costs at the tracker, WebTorrent's dialect and ours\n${dialectTable(rows)}\n`,
  );
  for (const { ours, webTorrent } of rows) {
    for (const figure of ["messages", "bytes"] as const) {
      const ratio = ours[figure] / ours.connections / (webTorrent[figure] / webTorrent.connections);
      targets.push({
        what: `${figure} per connection beside WebTorrent's, swarm of ${ours.peers}`,
        target: "≤ 1 ×",
        value: `${ratio.toFixed(2)} ×`,
        isMet: ratio <= 1,
      });
    }
  }
  return rows;
}

async function cluster(): Promise<unknown> {
  if (!hasRedis) {
    console.log("NOT MEASURED: several processes on one Redis, since redis-server is not here.");
    return undefined;
  }
  const rows = [];
  for (const processes of [1, 2, 4]) rows.push(await measureCluster(processes, load, UNDER_WAY));
  const cores = `${cpus().length} cores for these processes, Redis and the load together`;
  console.log(
    `one tracker of several processes, every swarm spread over all; ${cores}\n${clusterTable(rows)}\n`,
  );
  for (const { processes, offers, answers } of rows) {
    const wrong = offers.astray + answers.astray + offers.repeated + answers.repeated;
    const lost = offers.lost + answers.lost;
    targets.push({
      what: `signals lost / to a wrong peer or twice, ${processes} processes`,
      target: "0 / 0",
      value: `${lost} / ${wrong}`,
      isMet: lost === 0 && wrong === 0,
    });
  }
  return rows;
}
