/**
 * `npm run bench`: Shoal beside a raw data channel and beside WebTorrent, in one run on this machine.
 *
 * Rounds are interleaved (each program once per round, in turning order), so that a machine that slows down
 * slows all of them. Every transfer has a fresh browser. Prints medians, writes every run to bench/results/.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BrowserContext, chromium } from "@playwright/test";
import { hasFfmpeg } from "../e2e/films.ts";
import { findBrowser } from "../tools/browser.ts";
import { chromiumArgs } from "../tools/chromium-args.ts";
import { repository } from "../tools/command.ts";
import { writeContent } from "../tools/content.ts";
import { serveMockUi } from "../tools/mock-ui.ts";
import { requireBuild } from "./built.ts";
import type { Contender } from "./contender.ts";
import { type CreationFigures, measureCreation } from "./creation.ts";
import { medians } from "./figures.ts";
import { type FrameFigures, framesTable, measureFrames } from "./frames.ts";
import { startMixed } from "./mixed.ts";
import { measurePage, type PageFigures, pageTable } from "./page.ts";
import {
  FILM_FORMATS,
  type FilmFormat,
  measurePlaying,
  type PlayingFigures,
  playingTable,
  playingTitle,
} from "./playing.ts";
import { startRaw } from "./raw.ts";
import { creationTable, transferTable } from "./report.ts";
import { startShoal } from "./shoal.ts";
import { measureTransfer, type TransferFigures } from "./transfer.ts";
import { startWebTorrent } from "./webtorrent.ts";

const MB = 1_000_000;

interface Scenario {
  readonly receivers: number;
  readonly bytes: number;
}

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    /** Also "playing", and "mixed" alone: three of Shoal and three of WebTorrent in one swarm, beside six of WebTorrent. */
    only: { type: "string", default: "raw,webtorrent,shoal,page" },
    rounds: { type: "string" },
    /** One transfer in place of the usual two: to so many, of so many MB. */
    receivers: { type: "string" },
    mb: { type: "string", default: "60" },
    creation: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const isMixed = options.only === "mixed";
const mixedScenario: Scenario = { receivers: 6, bytes: (options.quick ? 5 : 30) * MB };
const pureScenarios: readonly Scenario[] = options.quick
  ? [
      { receivers: 1, bytes: 30 * MB },
      { receivers: 4, bytes: 10 * MB },
    ]
  : [
      { receivers: 1, bytes: 150 * MB },
      { receivers: 4, bytes: 30 * MB },
    ];
const chosenScenario = options.receivers !== undefined && {
  receivers: Number(options.receivers),
  bytes: Number(options.mb) * MB,
};
const usualScenarios = isMixed ? [mixedScenario] : pureScenarios;
const scenarios = chosenScenario ? [chosenScenario] : usualScenarios;
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5));
const creationBytes = options.quick ? 128 * 1024 * 1024 : 1024 * 1024 * 1024;
const pageBytes = options.quick ? 60 * MB : 200 * MB;
const starters = {
  raw: startRaw,
  webtorrent: () => startWebTorrent(),
  shoal: () => startShoal(),
  mixed: startMixed,
};
const chosen = isMixed ? ["mixed", "webtorrent"] : options.only.split(",");
const names = Object.keys(starters).filter((name) => chosen.includes(name));

requireBuild();
const found = findBrowser();
if (found === undefined) throw new Error("No Chrome or Chromium here; CHROMIUM_PATH can name one.");
const executablePath = found.path;

/**
 * A fresh browser with an ordinary profile on the disk, as people have; private windows keep files in memory,
 * which costs a program that stores what it receives.
 */
async function withProfile<Result>(work: (profile: BrowserContext) => Promise<Result>): Promise<Result> {
  const path = mkdtempSync(join(tmpdir(), "shoal-profile-"));
  const profile = await chromium.launchPersistentContext(path, { executablePath, args: [...chromiumArgs] });
  try {
    return await work(profile);
  } finally {
    await profile.close();
    rmSync(path, { recursive: true, force: true });
  }
}

const browserVersion = await withProfile(async (profile) => profile.browser()?.version() ?? "");
const machine = `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, Chromium ${browserVersion}`;
console.log(`${machine}\nrounds: ${rounds}, interleaved; medians\n`);

const folder = mkdtempSync(join(tmpdir(), "shoal-bench-"));
const contenders: Contender[] = [];
const results: { scenario: Scenario; runs: Record<string, TransferFigures[]> }[] = [];
let creation: CreationFigures[] = [];
let pages: PageFigures[] = [];
const playing: Record<FilmFormat, PlayingFigures[]> = { mp4: [], webm: [] };
/** By how much the processor was slowed down. */
const frames: Record<string, Record<string, FrameFigures>> = {};
try {
  for (const name of names) contenders.push(await starters[name as keyof typeof starters]());
  for (const scenario of names.length > 0 ? scenarios : []) {
    const path = await writeContent(join(folder, `${scenario.bytes}.bin`), scenario.bytes, "bench");
    const runs: Record<string, TransferFigures[]> = {};
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < contenders.length; turn++) {
        const contender = contenders[(round + turn) % contenders.length];
        if (contender === undefined) continue;
        const figures = await withProfile((profile) =>
          measureTransfer(contender, profile, path, scenario.bytes, scenario.receivers),
        );
        console.error(
          `round ${round + 1}, ${contender.name}: ${(figures.rateBytesPerSecond / MB).toFixed(1)} MB/s`,
        );
        runs[contender.name] = [...(runs[contender.name] ?? []), figures];
      }
    }
    results.push({ scenario, runs });
    const byName = Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, medians([...list])]));
    console.log(`1 → ${scenario.receivers}, ${scenario.bytes / MB} MB\n${transferTable(byName)}\n`);
  }
  if (options.creation && names.includes("shoal")) {
    const path = await writeContent(join(folder, "creation.bin"), creationBytes, "creation");
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      creation = [...creation, await withProfile((profile) => measureCreation(profile, path, creationBytes))];
    }
    console.log(
      `creating a share, ${creationBytes / 1024 / 1024} MiB\n${creationTable(medians(creation))}\n`,
    );
  }
  if (options.only.split(",").includes("page")) {
    const path = await writeContent(join(folder, "page.bin"), pageBytes, "page");
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      pages = [...pages, await withProfile((profile) => measurePage(profile, path))];
    }
    console.log(`the page, ${pageBytes / MB} MB\n${pageTable(medians(pages))}\n`);
    const ui = await serveMockUi();
    try {
      for (const slowedDown of [1, 4]) {
        const figures = await withProfile((profile) => measureFrames(profile, ui, slowedDown));
        frames[`${slowedDown}`] = figures;
        console.log(`drawing, processor slowed down ${slowedDown} ×\n${framesTable(figures)}\n`);
      }
    } finally {
      await ui.close();
    }
  }
  if (chosen.includes("playing")) {
    if (!hasFfmpeg) throw new Error("A film is made by ffmpeg, which is not installed here.");
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      for (const format of FILM_FORMATS) {
        const films = join(folder, `films-${round}`);
        playing[format].push(await withProfile((profile) => measurePlaying(profile, films, format)));
      }
    }
    console.log(`${playingTitle}\n${playingTable(playing)}\n`);
  }
} finally {
  for (const contender of contenders) await contender.close();
  rmSync(folder, { recursive: true });
}

const resultsFolder = join(repository, "bench", "results");
mkdirSync(resultsFolder, { recursive: true });
const file = join(resultsFolder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
writeFileSync(
  file,
  JSON.stringify({ machine, rounds, results, creation, pages, frames, playing }, undefined, 2),
);
console.log(`Every run: ${file}`);
