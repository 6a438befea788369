import { defineConfig } from "@playwright/test";
import { findBrowser } from "./tools/browser.ts";
import { chromiumArgs } from "./tools/chromium-args.ts";

const browser = findBrowser();
if (browser === undefined) {
  throw new Error("No Chrome or Chromium here. `npm test` installs one; CHROMIUM_PATH names another.");
}

// Chromium 156 crashes as a whole when a service worker ends whose requests a debugger looks at: 6 rounds of 136 on a
// busy machine, none of 314 without. Who wants to see these requests as well says so (no-third-parties.spec.ts).
process.env.PLAYWRIGHT_DISABLE_SERVICE_WORKER_NETWORK = "1";

/** Single pages, and tabs that do little. */
const light =
  /(contracts|scenes|for-everybody|before-the-app|screens|by-keyboard|by-touch|first-load|no-third-parties|torrents|refused)\.spec\.ts$/;

/** Those that mostly wait: for a film that plays, for a slow link, for what is said after some seconds; and all of Firefox. */
const patient =
  /(firefox|firefox-contracts|offline|playing|relay|private-share|links|journeys|looking-elsewhere|password|folder|trace)\.spec\.ts$/;

/** A test starts its own server and its own people (e2e/fixtures.ts); the app must have been built. */
export default defineConfig({
  testDir: "e2e",
  // A flaky test is a bug, here or in the app.
  retries: 0,
  // Transfers run up to five tabs that hash, encrypt and store: two at once would only wait for each other.
  // The light ones run beside them, and those that leave the processor alone beside both.
  workers: 3,
  projects: [
    { name: "transfers", testIgnore: [light, patient], workers: 1 },
    { name: "light", testMatch: light, testIgnore: patient, workers: 1 },
    { name: "patient", testMatch: patient, workers: 1 },
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
