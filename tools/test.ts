/**
 * `npm test`: everything that has to hold, in order, each step announced and timed.
 *
 * `npm test -- unit` runs the steps that are named, `npm test -- --with-extras` also installs the programs that
 * only some tests need (tools/extras.ts). A failed step does not stop the later ones, except that end-to-end
 * tests need the build. The last line counts tests; a step that fails without counting any counts as one.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { obtainBrowser } from "./browser.ts";
import { run } from "./command.ts";
import { prepareExtras } from "./extras.ts";
import { readTally, type Tally, tallyLine } from "./report.ts";

interface Step {
  readonly name: string;
  readonly what: string;
  /** @param report where to write a JSON report of the tests that were run, if there are any. */
  readonly passes: (report: string) => Promise<boolean>;
  /** A step without which this one means nothing. */
  readonly needs?: string;
}

interface Outcome {
  readonly step: Step;
  readonly ended: "passed" | "FAILED" | "NOT RUN";
  readonly seconds: number;
  readonly tally: Tally;
}

const steps: readonly Step[] = [
  {
    name: "lint",
    what: "format and lint",
    passes: () => run(["biome", "check", "--error-on-warnings", "--diagnostic-level=warn", "."]),
  },
  {
    name: "types",
    what: "types, and the engine without any host",
    passes: async () =>
      allTrue(
        await run(["tsc", "-p", "tsconfig.json"]),
        await run(["tsc", "-p", "web/engine/tsconfig.json"]),
      ),
  },
  {
    name: "unit",
    what: "architecture, unit and simulation tests",
    passes: (report) =>
      run(["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]),
  },
  { name: "knip", what: "nothing unused", passes: () => run(["knip"]) },
  { name: "build", what: "production build", passes: () => run(["vite", "build"]) },
  { name: "e2e", what: "end to end in a real browser", needs: "build", passes: runInBrowser },
];

function allTrue(...results: readonly boolean[]): boolean {
  return results.every(Boolean);
}

async function runInBrowser(report: string): Promise<boolean> {
  const browser = await obtainBrowser();
  if (browser === undefined) {
    console.error(
      "There is no Chrome or Chromium here and none could be installed, so nothing was tested end to end. " +
        "Install one, or set CHROMIUM_PATH to it.",
    );
    return false;
  }
  console.log(`Browser: ${browser.path} (${browser.source})`);
  return run(["playwright", "test", "--reporter=list,json"], {
    CHROMIUM_PATH: browser.path,
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
}

async function runStep(step: Step, earlier: readonly Outcome[], folder: string): Promise<Outcome> {
  console.log(`\n━━ ${step.name}: ${step.what}`);
  const needed = earlier.find((outcome) => outcome.step.name === step.needs);
  if (needed !== undefined && needed.ended !== "passed") {
    console.log(`Not run, because ${needed.step.name} failed.`);
    return { step, ended: "NOT RUN", seconds: 0, tally: { passed: 0, failed: 1, skipped: 0 } };
  }
  const report = join(folder, `${step.name}.json`);
  const startedAt = performance.now();
  const passed = await step.passes(report);
  const seconds = (performance.now() - startedAt) / 1000;
  const counted = readTally(report) ?? { passed: 0, failed: 0, skipped: 0 };
  const tally = passed ? counted : { ...counted, failed: Math.max(1, counted.failed) };
  return { step, ended: passed ? "passed" : "FAILED", seconds, tally };
}

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { "with-extras": { type: "boolean", default: false } },
});
const unknown = names.filter((name) => steps.every((step) => step.name !== name));
if (unknown.length > 0) {
  console.error(
    `There is no step ${unknown.join(", ")}; there are ${steps.map((step) => step.name).join(", ")}.`,
  );
  process.exit(2);
}
const chosen = steps.filter((step) => names.length === 0 || names.includes(step.name));

if (chosen.some((step) => step.name === "unit" || step.name === "e2e")) {
  await prepareExtras(options["with-extras"] || process.env.CI === "true");
}
const folder = mkdtempSync(join(tmpdir(), "shoal-test-"));
const outcomes: Outcome[] = [];
for (const step of chosen) outcomes.push(await runStep(step, outcomes, folder));
rmSync(folder, { recursive: true });

console.log("\n━━ summary");
for (const { step, ended, seconds, tally } of outcomes) {
  const tests = tally.passed + tally.failed > 1 ? `  ${tallyLine([tally])}` : "";
  console.log(`${step.name.padEnd(6)} ${ended.padEnd(7)} ${seconds.toFixed(1).padStart(7)} s${tests}`);
}
console.log(tallyLine(outcomes.map((outcome) => outcome.tally)));
process.exitCode = outcomes.every((outcome) => outcome.ended === "passed") ? 0 : 1;
