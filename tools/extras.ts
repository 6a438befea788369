/**
 * Real programs that only some tests need. They are used when present, installed when asked for, and otherwise
 * their tests are skipped: this prints one line for each, so that nobody takes a skipped test for a passed one.
 */
import { findCommand, installPackages } from "./command.ts";

interface Extra {
  readonly command: string;
  /** Package of Debian and its relatives. */
  readonly package: string;
  /** What is not tested without it. */
  readonly provesThat: string;
}

const extras: readonly Extra[] = [
  { command: "firefox-esr", package: "firefox-esr", provesThat: "it works in Firefox" },
  { command: "turnserver", package: "coturn", provesThat: "a file goes through a TURN relay" },
  { command: "ffmpeg", package: "ffmpeg", provesThat: "a film plays while it arrives" },
  { command: "unzip", package: "unzip", provesThat: "archives of saved files are sound" },
  { command: "redis-server", package: "redis-server", provesThat: "several servers share one swarm" },
];

const isMissing = (extra: Extra) => findCommand(extra.command) === undefined;

/** Says what is missing, after installing it when `install` is set and this machine allows it. */
export async function prepareExtras(install: boolean): Promise<void> {
  const wanted = extras.filter(isMissing);
  if (install && wanted.length > 0) await installPackages(wanted.map((extra) => extra.package));
  for (const extra of extras.filter(isMissing)) {
    const hint = install ? "could not be installed" : "npm test -- --with-extras installs it";
    console.log(`NOT TESTED that ${extra.provesThat}: ${extra.command} is not here (${hint}).`);
  }
}
