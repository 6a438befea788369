import { defineConfig } from "@playwright/test";
import { findBrowser } from "./tools/browser.ts";
import { chromiumArgs } from "./tools/chromium-args.ts";

const browser = findBrowser();
if (browser === undefined) {
  throw new Error("No Chrome or Chromium here. `npm test` installs one; CHROMIUM_PATH names another.");
}

/** Single pages, and two tabs that do little. */
const pages =
  /(\/contracts|scenes|links|journeys|looking-elsewhere|for-everybody|before-the-app|screens|by-keyboard|by-touch|password|folder|first-load|no-third-parties|private-share)\.spec\.ts$/;
/** Other programs, relays, and the server. */
const programs = /(interop\/.*|firefox.*|torrents|relay|after-attacks|offline|refused|trace)\.spec\.ts$/;

/** A test starts its own server and its own people (e2e/fixtures.ts); the app must have been built. */
export default defineConfig({
  testDir: "e2e",
  // A flaky test is a bug, here or in the app.
  retries: 0,
  // A test mostly waits for times that are part of what it tests, so three run side by side: each lane one after
  // another, as two transfers of five tabs at once would wait for each other.
  workers: 3,
  projects: [
    { name: "transfers", testIgnore: [pages, programs], workers: 1 },
    { name: "programs", testMatch: programs, workers: 1 },
    { name: "pages", testMatch: pages, workers: 1 },
  ],
  forbidOnly: process.env.CI === "true",
  timeout: 90_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  outputDir: "test-results",
  use: {
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: true, sources: true },
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    launchOptions: { executablePath: browser.path, args: [...chromiumArgs] },
  },
});
