/** Reads how many tests passed, failed and were skipped from the JSON reports of Vitest and Playwright. */
import { readFileSync } from "node:fs";
import * as v from "valibot";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const vitestReport = v.pipe(
  v.object({ numPassedTests: count, numFailedTests: count, numPendingTests: count, numTodoTests: count }),
  v.transform((r): Tally => {
    return {
      passed: r.numPassedTests,
      failed: r.numFailedTests,
      skipped: r.numPendingTests + r.numTodoTests,
    };
  }),
);

const playwrightReport = v.pipe(
  v.object({ stats: v.object({ expected: count, unexpected: count, flaky: count, skipped: count }) }),
  // There are no retries, and a test that only passes at times is a failed one all the same.
  v.transform(({ stats }): Tally => {
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
  }),
);

const anyReport = v.union([vitestReport, playwrightReport]);

/** The tally of a report that was parsed from JSON. @throws when it is neither of the two forms. */
export function tallyOf(report: unknown): Tally {
  return v.parse(anyReport, report);
}

/** The tally in the file; undefined when the program ended before it wrote one. */
export function readTally(path: string): Tally | undefined {
  try {
    return tallyOf(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

/** The last line of a run, for people and for programs that read it. */
export function tallyLine(tallies: readonly Tally[]): string {
  const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0);
  const skipped = sum("skipped");
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
