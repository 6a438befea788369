import { describe, expect, test } from "vitest";
import { readTally, tallyLine, tallyOf } from "./report.ts";

describe("the tally of a test run", () => {
  test("counts what Vitest reports, with todo as skipped", () => {
    const report = {
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      success: false,
    };
    expect(tallyOf(report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  test("counts what Playwright reports, with a flaky test as failed", () => {
    const report = { config: {}, stats: { expected: 7, unexpected: 1, flaky: 1, skipped: 4, duration: 9.5 } };
    expect(tallyOf(report)).toEqual({ passed: 7, failed: 2, skipped: 4 });
  });

  test("refuses a report of neither form instead of counting nothing", () => {
    expect(() => tallyOf({ stats: {} })).toThrow();
  });

  test("is unknown when no report was written", () => {
    expect(readTally("/nowhere/report.json")).toBeUndefined();
  });

  test("is said in one line, and skipped tests only when there are some", () => {
    const clean = { passed: 3, failed: 0, skipped: 0 };
    expect(tallyLine([clean, { passed: 4, failed: 1, skipped: 0 }])).toBe("7 passed, 1 failed");
    expect(tallyLine([clean, { passed: 4, failed: 1, skipped: 2 }])).toBe("7 passed, 1 failed, 2 skipped");
  });
});
