/** A copy of the tree in which rules are taken out and tests are run; the working tree is only read. */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { repository } from "../command.ts";
import { type Rule, RuleError, without } from "./rule.ts";

/** What the engine's and the simulator's tests need. */
const COPIED = [
  "web",
  "signaling",
  "tools/fixed-seed.ts",
  "package.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "vitest.config.ts",
];

/** A rule without which something runs for ever is no rule that a test can notice. */
const TIMEOUT_MS = 300_000;

const VITEST = join(repository, "node_modules/vitest/vitest.mjs");
const execute = promisify(execFile);

const report = v.object({
  testResults: v.array(
    v.object({
      name: v.string(),
      message: v.string(),
      assertionResults: v.array(v.object({ status: v.string(), fullName: v.string() })),
    }),
  ),
});

/** A test that failed. */
export interface Failure {
  readonly file: string;
  /** With the titles of what it is described in. */
  readonly title: string;
}

export class Tree {
  readonly #path = mkdtempSync(join(tmpdir(), "shoal-mutations-"));

  constructor() {
    for (const name of COPIED) cpSync(join(repository, name), join(this.#path, name), { recursive: true });
    symlinkSync(join(repository, "node_modules"), join(this.#path, "node_modules"), "junction");
  }

  /** Runs the rule's tests without it. @throws RuleError when they cannot be run so. */
  async failuresWithout(rule: Rule): Promise<readonly Failure[]> {
    const path = join(this.#path, rule.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, without(rule, source));
    try {
      return await this.failures(rule.tests);
    } catch (error) {
      throw new RuleError(`"${rule.title}": ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      writeFileSync(path, source);
    }
  }

  /** @throws RuleError when some of the files cannot be run. */
  async failures(tests: readonly string[]): Promise<readonly Failure[]> {
    const output = join(this.#path, "report.json");
    rmSync(output, { force: true });
    // Threads end with the process, should it have to be ended.
    const flags = ["run", "--pool=threads", "--reporter=json", `--outputFile=${output}`];
    const options = { cwd: this.#path, timeout: TIMEOUT_MS, killSignal: "SIGKILL" } as const;
    // It fails whenever a test does: what it says is in the report.
    const problem = await execute(process.execPath, [VITEST, ...flags, ...tests], options).then(
      () => "",
      String,
    );
    const { testResults } = v.parse(report, JSON.parse(readOr(output, problem)));
    for (const { name, message, assertionResults } of testResults) {
      if (assertionResults.length === 0)
        throw new RuleError(`${basename(name)} cannot be run: ${message.trim() || "no tests were found"}.`);
    }
    return testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName }) => ({ file: basename(name), title: fullName.trim() })),
    );
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }
}

function readOr(path: string, problem: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new RuleError(`its tests did not end. ${problem.trim()}`);
  }
}
