/**
 * Finds a Chromium for the end-to-end tests and the benchmarks, or gets one.
 *
 * Order: what CHROMIUM_PATH names, Playwright's own, the system's Chrome or Chromium; and, only when asked to
 * obtain one, Playwright's download, then the distribution's package. A browser counts when it starts: a
 * download without its shared libraries, or Ubuntu's stub that points at snap, does not.
 */
import { chromium } from "@playwright/test";
import { ask, findCommand, installPackages, isExecutable, isRoot, run } from "./command.ts";

export interface Browser {
  readonly path: string;
  /** Where it comes from, to be read by a person. */
  readonly source: string;
}

const NAMES_ON_PATH = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/** Where browsers are that do not put themselves on the PATH. */
const KNOWN_PLACES: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  linux: ["/opt/google/chrome/chrome", "/snap/bin/chromium"],
  win32: ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((variable) => {
    const root = process.env[variable];
    if (root === undefined) return [];
    return [
      `${root}\\Google\\Chrome\\Application\\chrome.exe`,
      `${root}\\Chromium\\Application\\chrome.exe`,
      `${root}\\Microsoft\\Edge\\Application\\msedge.exe`,
    ];
  }),
};

const VERSION_TIMEOUT_MS = 60_000;

function starts(path: string): boolean {
  if (!isExecutable(path)) return false;
  // On Windows `--version` opens a window instead of answering.
  return process.platform === "win32" || ask([path, "--version"], VERSION_TIMEOUT_MS).status === 0;
}

/**
 * The browser that is here already; installs nothing.
 * @throws when CHROMIUM_PATH names something that does not start: a wish is not silently replaced.
 */
export function findBrowser(): Browser | undefined {
  const wish = process.env.CHROMIUM_PATH;
  if (wish !== undefined && wish !== "") {
    if (!starts(wish)) throw new Error(`CHROMIUM_PATH is ${wish}, and that does not start.`);
    return { path: wish, source: "named by CHROMIUM_PATH" };
  }
  const own = chromium.executablePath();
  if (starts(own)) return { path: own, source: "Playwright's own" };
  const system = [...NAMES_ON_PATH.map(findCommand), ...(KNOWN_PLACES[process.platform] ?? [])];
  for (const path of system) {
    if (path !== undefined && starts(path)) return { path, source: "the system's" };
  }
  return undefined;
}

/** The browser that is here, else one that it installs; undefined when neither is possible. */
export async function obtainBrowser(): Promise<Browser | undefined> {
  const found = findBrowser();
  if (found !== undefined) return found;

  console.log("No Chrome or Chromium here: asking Playwright to download one.");
  const withLibraries = isRoot && process.platform === "linux" ? ["--with-deps"] : [];
  await run(["playwright", "install", "--no-shell", ...withLibraries, "chromium"]);
  const downloaded = findBrowser();
  if (downloaded !== undefined) return downloaded;

  console.log("That did not give a browser that starts: trying the distribution's package.");
  await installPackages(["chromium"]);
  return findBrowser();
}
