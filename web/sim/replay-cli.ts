/**
 * `npm run -s replay -- trace.jsonl`: replays a trace that a browser gave (`window.shoal.trace(shareId)`). Exit
 * code 0: every decision was the same; 1: some were not, printed as JSON; 2: it is not a trace.
 */
import { readFileSync } from "node:fs";
import { digests } from "./digests.ts";
import { replay } from "./replay.ts";

const SHOWN_DIFFERENCES = 10;

const [path] = process.argv.slice(2);

try {
  if (path === undefined) throw new Error("usage: replay TRACE.jsonl");
  const outcome = replay(readFileSync(path, "utf8"), digests);
  if (!outcome.ok) throw new Error(outcome.reason);
  const { steps, differences } = outcome.value;
  const shown = differences.slice(0, SHOWN_DIFFERENCES);
  console.log(JSON.stringify({ steps, different: differences.length, differences: shown }, null, 2));
  process.exitCode = differences.length > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
