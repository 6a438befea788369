/**
 * `npm run -s sim`: one seed and a crowd in virtual time. Prints the figures as JSON with the bounds beside them;
 * with --out also writes them and a plot there. The same options on as many threads give the same run. `--scenario 31` plays the named
 * scenario of the tests instead, from --seed or from its own seeds, and plots it likewise.
 *
 * The script gives V8 a large nursery (--max-semi-space-size, MiB): what is on its way lives for seconds of virtual
 * time, and would be moved among what stays, which costs a third of a large run.
 *
 * What is wrong with the options is one line on the error output and exit code 1.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { BLOCK_BYTES } from "../engine/limits.ts";
import { crowdFigures } from "./crowd-figures.ts";
import { CROWD_DEFAULTS, type CrowdOptions, LARGE_CROWD } from "./crowd-options.ts";
import { MOST_THREADS, runCrowdOn, threadsFor } from "./crowd-threads.ts";
import { plotSwarm } from "./plot.ts";

const usage = `usage: sim [--peers N] [--pieces M] [--seed S] [--piece-bytes B] [--seed-rate-factor F]
           [--up B/s] [--down B/s] [--latency ms] [--jitter 0…1] [--links N] [--unreachable 0…1]
           [--churn arrivals per second, leaving when done] [--free-riders 0…1] [--threads 1…${MOST_THREADS}]
           [--out DIR]
       sim --scenario "beginning of its title" [--seed S] [--out DIR]

A piece is ${LARGE_CROWD.pieceBytes} bytes unless --piece-bytes says otherwise, a block ${BLOCK_BYTES}. A newcomer dials
${LARGE_CROWD.links} others unless --links says otherwise; a tab dials ${CROWD_DEFAULTS.links}. A large crowd runs on two threads
where there are two cores, on one if there is no latency or all of it is jitter. The same options on as many
threads give the same run.`;

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

interface Rule extends Range {
  readonly option: keyof CrowdOptions;
}

const THREADS: Range = { least: 1, most: MOST_THREADS, whole: true };

interface CrowdCommand {
  readonly options: CrowdOptions;
  readonly threads: number | undefined;
  readonly out: string | undefined;
}

const rules: Readonly<Record<string, Rule>> = {
  peers: { option: "peers", least: 1, most: 10_000, whole: true },
  pieces: { option: "pieces", least: 1, most: 100_000, whole: true },
  seed: { option: "seed", least: 0, most: 2 ** 32 - 1, whole: true },
  "piece-bytes": { option: "pieceBytes", least: 16_384, most: 2 ** 24, whole: true },
  "seed-rate-factor": { option: "seedRateFactor", least: 0.01, most: 10_000 },
  up: { option: "up", least: 100, most: 1e10 },
  down: { option: "down", least: 100, most: 1e10 },
  latency: { option: "latencyMs", least: 0, most: 60_000 },
  jitter: { option: "jitter", least: 0, most: 1 },
  links: { option: "links", least: 1, most: 200, whole: true },
  unreachable: { option: "unreachable", least: 0, most: 1 },
  churn: { option: "arrivals", least: 0, most: 10_000 },
  "free-riders": { option: "freeRiders", least: 0, most: 0.999 },
};

class OptionError extends Error {
  override readonly name = "OptionError";
}

/** @throws OptionError, whose message is one line for whoever called. */
export function readOptions(args: readonly string[]): CrowdCommand {
  const all = [...Object.keys(rules), "threads", "out"];
  const names = Object.fromEntries(all.map((name) => [name, { type: "string" }]));
  const values = parseStrictly(args, names as Record<string, { type: "string" }>);
  const options: Partial<Record<keyof CrowdOptions, number | boolean>> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const text = values[name];
    if (text !== undefined) options[rule.option] = readNumber(name, text, rule);
  }
  if (values.churn !== undefined) options.leaveWhenDone = true;
  const crowd = { ...CROWD_DEFAULTS, ...LARGE_CROWD, ...options } as CrowdOptions;
  if ((crowd.pieceBytes & (crowd.pieceBytes - 1)) !== 0)
    throw new OptionError("--piece-bytes must be a power of two");
  const threads = values.threads === undefined ? undefined : readNumber("threads", values.threads, THREADS);
  return { options: crowd, threads, out: values.out };
}

function parseStrictly(
  args: readonly string[],
  options: Record<string, { type: "string" }>,
): Record<string, string | undefined> {
  try {
    return parseArgs({ args: [...args], options, strict: true }).values as Record<string, string>;
  } catch (error) {
    const [line = ""] = String(error instanceof Error ? error.message : error).split("\n");
    throw new OptionError(line);
  }
}

function readNumber(name: string, text: string, { least, most, whole }: Range): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new OptionError(`--${name} must be a ${whole ? "whole " : ""}number from ${least} to ${most}`);
  }
  return value;
}

async function run(args: readonly string[]): Promise<void> {
  const { options, threads: wanted, out } = readOptions(args);
  const threads = threadsFor(options, wanted, availableParallelism());
  const startedAt = performance.now();
  const crowd = await runCrowdOn(threads, options);
  const figures = crowdFigures(crowd);
  const wallMs = Math.round(performance.now() - startedAt);
  const report = {
    options,
    threads,
    figures,
    wallMs,
    microsecondsPerBlock: (wallMs * 1000) / figures.blocks,
    memoryMiB: process.resourceUsage().maxRSS / 1024,
  };
  const json = JSON.stringify(report, (_, value) => (typeof value === "number" ? rounded(value) : value), 2);
  console.log(json);
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  const name = `crowd-${options.peers}x${options.pieces}-seed-${options.seed}`;
  const head = `${options.peers} leechers, ${options.pieces} pieces, seed ${options.seed}`;
  const { samples, shortestSeconds } = crowd;
  writeFileSync(join(out, `${name}.json`), `${json}\n`);
  writeFileSync(join(out, `${name}.svg`), plotSwarm({ head, samples, shortestSeconds }));
}

/** @returns the exit code of the test that plays it. */
function playScenario(args: readonly string[]): number {
  const names = ["scenario", "seed", "out"].map((name) => [name, { type: "string" }]);
  const { scenario = "", seed, out } = parseStrictly(args, Object.fromEntries(names));
  const title = `^${scenario.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}${/^\d+$/.test(scenario) ? ":" : ""}`;
  const env = {
    ...process.env,
    ...(seed !== undefined && { SIM_SEED: seed }),
    ...(out !== undefined && { SIM_OUT: resolve(out) }),
  };
  const command = ["node_modules/vitest/vitest.mjs", "run", "web/sim", "--reporter=verbose", "-t", title];
  return spawnSync(process.execPath, command, { env, stdio: "inherit" }).status ?? 1;
}

function rounded(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    if (process.argv.includes("--help")) console.log(usage);
    else if (process.argv.includes("--scenario")) process.exitCode = playScenario(process.argv.slice(2));
    else await run(process.argv.slice(2));
  } catch (error) {
    const isTheirs = error instanceof OptionError || (error instanceof Error && "code" in error);
    if (!isTheirs) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
