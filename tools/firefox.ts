/**
 * Firefox, for what has to hold in a second engine. Playwright cannot drive Firefox ESR (it demands commands
 * that ESR lacks), so Puppeteer does, over WebDriver BiDi.
 */
import { type Browser, launch } from "puppeteer-core";
import { findCommand } from "./command.ts";

/** A busy machine takes some seconds. */
const START_TIMEOUT_MS = 120_000;

const NAMES_ON_PATH = ["firefox-esr", "firefox"];

/** Full path of the Firefox that FIREFOX_PATH names, or else of the system's; undefined when there is none. */
export function findFirefox(): string | undefined {
  const wish = process.env.FIREFOX_PATH;
  if (wish !== undefined && wish !== "") return wish;
  return NAMES_ON_PATH.map(findCommand).find((path) => path !== undefined);
}

/**
 * Starts a headless Firefox with a new profile, in which pages of this machine reach each other. The caller
 * closes it.
 */
export function launchFirefox(
  path: string,
  preferences: Record<string, string | number | boolean> = {},
): Promise<Browser> {
  return launch({
    browser: "firefox",
    executablePath: path,
    headless: true,
    timeout: START_TIMEOUT_MS,
    extraPrefsFirefox: {
      // A container has nobody who would answer for the `.local` names that stand for addresses.
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "media.peerconnection.ice.loopback": true,
      ...preferences,
    },
  });
}
