/**
 * `npm run bench:large -- [--size 4GiB] [--zip]`: one large file from a seeder's tab to a saved file, with the memory
 * of every thread on the way. Fails when a page or a worker held LIMIT_BYTES at any time, or a byte is wrong.
 *
 * Two browsers with ordinary profiles on the disk. The file is generated, needs its size three times on the disk
 * (sender's, the receiver's own, saved), and is compared by SHA-256. With `--zip` two files go into an archive that
 * the service worker streams, and that `unzip` must take apart: `--size 4.2GiB --zip` is beyond what an archive can hold without ZIP64.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Browser, type ElementHandle, launch, type Page } from "puppeteer-core";
import { findBrowser } from "../../tools/browser.ts";
import { chromiumArgs } from "../../tools/chromium-args.ts";
import { findCommand, repository } from "../../tools/command.ts";
import { sha256, sha256OfFile, writeContent } from "../../tools/content.ts";
import { startServer } from "../../tools/server.ts";
import { requireBuild } from "../built.ts";
import { table } from "../figures.ts";
import { HeapCurve, type Sample } from "./heaps.ts";

const MIB = 1024 * 1024;
/** No thread of a tab may hold more than this, whatever the size of the file. */
const LIMIT_BYTES = 200_000_000;
const HOUR_MS = 60 * 60_000;
const ROWS = 24;
const TELL_EVERY_SECONDS = 10;

const { values: options } = parseArgs({
  options: { size: { type: "string", default: "4GiB" }, zip: { type: "boolean", default: false } },
});
const size = bytesOf(options.size);
requireBuild();
const found = findBrowser();
if (found === undefined) throw new Error("No Chrome or Chromium here; CHROMIUM_PATH can name one.");
const executablePath = found.path;
if (options.zip && findCommand("unzip") === undefined)
  throw new Error("`--zip` needs unzip, which is not installed.");

const folder = mkdtempSync(join(tmpdir(), "shoal-large-"));
const server = await startServer({ LIMITS: "off" });
const browsers: Browser[] = [];
try {
  const shared = join(folder, "large");
  mkdirSync(shared);
  const path = await writeContent(join(shared, "large.bin"), size, "large");
  const wanted = sha256OfFile(path);
  if (options.zip) await writeContent(join(shared, "small.bin"), 1000, "small");

  const seeder = await newTab("seeder");
  let phase = "making the link";
  const seederCurve = new HeapCurve(seeder.browser, seeder.page, () => phase, teller("seeder"));
  const link = await share(seeder.page, options.zip ? shared : path);

  const receiver = await newTab("receiver");
  phase = "transfer";
  const receiverCurve = new HeapCurve(receiver.browser, receiver.page, () => phase, teller("receiver"));
  const startedAt = performance.now();
  await receiver.page.goto(link);
  await receiver.page.locator('[data-testid="download"]:enabled').setTimeout(HOUR_MS).click();
  await receiver.page.waitForSelector('[data-testid="share"][data-state="done"]', { timeout: HOUR_MS });
  const transferSeconds = (performance.now() - startedAt) / 1000;

  phase = "saving";
  const saved = join(folder, "saved");
  const savingAt = performance.now();
  const savedFile = await save(receiver.browser, receiver.page, saved);
  const savingSeconds = (performance.now() - savingAt) / 1000;
  const seederSamples = await seederCurve.stop();
  const receiverSamples = await receiverCurve.stop();

  const isSame =
    (await (options.zip ? sha256InArchive(savedFile) : sha256OfFile(savedFile))) === (await wanted);
  const rate = (seconds: number) => `${(size / 1e6 / seconds).toFixed(1)} MB/s`;
  console.log(`${options.size}${options.zip ? " as an archive" : ""}: transfer ${rate(transferSeconds)},`);
  console.log(`saving ${rate(savingSeconds)}, saved file ${isSame ? "identical" : "WRONG"}\n`);
  console.log(`receiver\n${curve(receiverSamples)}\n\nseeder\n${curve(seederSamples)}\n`);
  const peak = Math.max(...[...receiverSamples, ...seederSamples].map(largestHeap));
  const isFlat = peak < LIMIT_BYTES;
  console.log(
    `largest heap of any thread: ${mb(peak)} MB of ${mb(LIMIT_BYTES)}: ${isFlat ? "flat" : "TOO MUCH"}`,
  );
  const results = join(repository, "bench", "results");
  mkdirSync(results, { recursive: true });
  const file = join(results, `large-${new Date().toISOString().replaceAll(":", "-")}.json`);
  const figures = { size, zip: options.zip, transferSeconds, savingSeconds, isSame, peak };
  writeFileSync(file, JSON.stringify({ ...figures, receiverSamples, seederSamples }, undefined, 1));
  console.log(`Every sample: ${file}`);
  process.exitCode = isSame && isFlat ? 0 : 1;
} finally {
  for (const browser of browsers) await browser.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function newTab(name: string): Promise<{ browser: Browser; page: Page }> {
  const browser = await launch({
    executablePath,
    args: [...chromiumArgs],
    userDataDir: join(folder, name),
    protocolTimeout: HOUR_MS,
  });
  browsers.push(browser);
  const [page = await browser.newPage()] = await browser.pages();
  // Dialogs of the operating system cannot be driven; without these the app saves as other browsers do.
  await page.evaluateOnNewDocument(() => {
    Reflect.deleteProperty(window, "showSaveFilePicker");
    Reflect.deleteProperty(window, "showDirectoryPicker");
  });
  return { browser, page };
}

async function share(page: Page, path: string): Promise<string> {
  await page.goto(server.url);
  const name = options.zip ? "folder-input" : "file-input";
  const input = (await page.waitForSelector(`[data-testid="${name}"]`)) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(path);
  const shown = await page.waitForSelector('[data-testid="share-link"]', { timeout: HOUR_MS });
  return (await shown?.evaluate((element) => element.textContent)) ?? "";
}

/** @returns the path of the file that the browser downloaded. */
async function save(browser: Browser, page: Page, into: string): Promise<string> {
  const session = await browser.target().createCDPSession();
  await session.send("Browser.setDownloadBehavior", {
    behavior: "allowAndName",
    downloadPath: into,
    eventsEnabled: true,
  });
  const done = new Promise<string>((resolve, reject) => {
    session.on("Browser.downloadProgress", ({ guid, state }) => {
      if (state === "completed") resolve(join(into, guid));
      if (state === "canceled") reject(new Error("The browser gave the download up."));
    });
  });
  await page.locator('[data-testid="save"]').click();
  return done;
}

/** Of the large file in it, as a real unzip takes it out. */
function sha256InArchive(path: string): Promise<string> {
  return sha256(
    spawn("unzip", ["-p", path, "large/large.bin"], { stdio: ["ignore", "pipe", "inherit"] }).stdout,
  );
}

function bytesOf(text: string): number {
  const [, count = "", unit = ""] = /^(\d+(?:\.\d+)?)(MiB|GiB)$/.exec(text) ?? [];
  if (count === "") throw new Error(`--size ${text} should be like 256MiB or 4.2GiB.`);
  return Math.round(Number(count) * (unit === "GiB" ? 1024 * MIB : MIB));
}

/** A line now and then, for runs of many minutes. */
function teller(name: string): (sample: Sample) => void {
  let toldAt = 0;
  return (sample) => {
    if (sample.seconds - toldAt < TELL_EVERY_SECONDS) return;
    toldAt = sample.seconds;
    const at = `${name}, ${sample.seconds.toFixed(0)} s, ${sample.phase}`;
    console.error(`${at}: page ${mb(sample.pageBytes)} MB, worker ${mb(sample.workerBytes)} MB`);
  };
}

function largestHeap(sample: Sample): number {
  return Math.max(sample.pageBytes, sample.workerBytes, sample.serviceWorkerBytes);
}

function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

/** Evenly spaced samples, and of each column the most that any sample had. */
function curve(samples: readonly Sample[]): string {
  const heading = ["s", "", "page MB", "worker MB", "service w. MB", "tab MB", "browser MB"];
  const step = Math.max(1, Math.ceil(samples.length / ROWS));
  const rows = samples
    .filter((_, index) => index % step === 0)
    .map((sample) => [sample.seconds.toFixed(0), sample.phase, ...figures(sample).map(mb)]);
  const columns = samples.map(figures);
  const most = (columns[0] ?? []).map((_, column) => mb(Math.max(...columns.map((row) => row[column] ?? 0))));
  return table([heading, ...rows, ["", "at most", ...most]]);
}

function figures(sample: Sample): number[] {
  return [
    sample.pageBytes,
    sample.workerBytes,
    sample.serviceWorkerBytes,
    sample.tabBytes,
    sample.browserBytes,
  ];
}
