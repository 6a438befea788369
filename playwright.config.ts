import { defineConfig } from "@playwright/test";
import { findBrowser } from "./tools/browser.ts";
import { chromiumArgs } from "./tools/chromium-args.ts";

const browser = findBrowser();
if (browser === undefined) {
  throw new Error("No Chrome or Chromium here. `npm test` installs one; CHROMIUM_PATH names another.");
}

/** Single pages, and tabs that do little: about half of the time. */
const light =
  /(contracts|scenes|links|journeys|looking-elsewhere|for-everybody|before-the-app|screens|by-keyboard|by-touch|password|folder|first-load|no-third-parties|private-share|torrents|relay|offline|refused|trace)\.spec\.ts$/;

/** A test starts its own server and its own people (e2e/fixtures.ts); the app must have been built. */
export default defineConfig({
  testDir: "e2e",
  // A flaky test is a bug, here or in the app.
  retries: 0,
  // Transfers run up to five tabs that hash, encrypt and store: two at once would only wait for each other.
  // The light ones run beside them.
  workers: 2,
  projects: [
    { name: "transfers", testIgnore: light, workers: 1 },
    { name: "light", testMatch: light, workers: 1 },
  ],
  forbidOnly: process.env.CI === "true",
  timeout: 180_000,
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
