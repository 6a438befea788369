/** Benchmarks measure the built app, as people get it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../tools/command.ts";

/** Ends the program with one sentence when there is nothing to measure. */
export function requireBuild(): void {
  if (existsSync(join(repository, "dist", "index.html"))) return;
  console.error("The app is not built, so there is nothing to measure: run `npm run build` first.");
  process.exit(1);
}
