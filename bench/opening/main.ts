/**
 * `npm run bench:opening`: how long a torrent at the limits takes from "Open the torrent" to its list of files, and
 * for how long the page stands still meanwhile. Every opening has a fresh browser.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { findBrowser } from "../../tools/browser.ts";
import { chromiumArgs } from "../../tools/chromium-args.ts";
import { manyFiles, manyPieces } from "../../tools/large-torrents.ts";
import { startServer } from "../../tools/server.ts";
import { requireBuild } from "../built.ts";
import { medians, table } from "../figures.ts";

const ROUNDS = 3;
const COUNT = 100_000;

interface OpeningFigures {
  readonly seconds: number;
  /** Longest time between two turns of the page's own thread. */
  readonly stallSeconds: number;
}

requireBuild();
const found = findBrowser();
if (found === undefined) throw new Error("No Chrome or Chromium here; CHROMIUM_PATH can name one.");
const executablePath = found.path;
const folder = mkdtempSync(join(tmpdir(), "shoal-opening-"));
const server = await startServer();

async function measure(torrent: string): Promise<OpeningFigures> {
  const profile = mkdtempSync(join(folder, "profile-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...chromiumArgs],
  });
  try {
    const page = await context.newPage();
    await page.goto(server.url);
    await page.getByTestId("file-input").setInputFiles(torrent);
    const open = page.getByTestId("open-torrent");
    await open.waitFor();
    return await page.evaluate(watchOpening);
  } finally {
    await context.close();
  }
}

/** Runs in the page: presses the button, and looks at the clock in every turn until the files are there. */
function watchOpening(): Promise<OpeningFigures> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let lastTurn = startedAt;
    let stall = 0;
    const turns = new MessageChannel();
    turns.port1.onmessage = () => {
      const now = performance.now();
      stall = Math.max(stall, now - lastTurn);
      lastTurn = now;
      const download = document.querySelector<HTMLButtonElement>('[data-testid="download"]');
      if (download === null || download.disabled) turns.port2.postMessage(undefined);
      else resolve({ seconds: (now - startedAt) / 1000, stallSeconds: stall / 1000 });
    };
    document.querySelector<HTMLButtonElement>('[data-testid="open-torrent"]')?.click();
    turns.port2.postMessage(undefined);
  });
}

try {
  const rows: string[][] = [["", "to the list, s", "longest stall, s"]];
  for (const [name, bytes] of [
    [`${COUNT} files`, manyFiles(COUNT)],
    [`${COUNT} pieces`, manyPieces(COUNT)],
  ] as const) {
    const path = join(folder, `${name}.torrent`);
    writeFileSync(path, bytes);
    const runs: OpeningFigures[] = [];
    for (let round = 0; round < ROUNDS; round++) runs.push(await measure(path));
    const { seconds, stallSeconds } = medians(runs.map((run) => ({ ...run })));
    rows.push([name, seconds.toFixed(2), stallSeconds.toFixed(2)]);
  }
  console.log(`opening a torrent, medians of ${ROUNDS}\n${table(rows)}`);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
