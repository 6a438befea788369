import { expect, test } from "vitest";
import { HISTORY_MS } from "../../store/rate-history.ts";
import { CHART_HEIGHT, CHART_WIDTH, chartLine, scaleTop } from "./chart-path.ts";

const up = (sample: { up: number }) => sample.up;
const history = (...samples: [at: number, rate: number][]) =>
  samples.map(([at, rate]) => ({ at, up: rate, down: 0 }));

test.each([
  [0, 1_000],
  [900, 1_000],
  [1_001, 2_000],
  [4_100_000, 5_000_000],
  [7_000_000, 10_000_000],
])("the scale above a rate of %d ends at %d", (rate, top) => {
  expect(scaleTop(history([0, rate]))).toBe(top);
});

test("the present is at the right edge, the beginning of the history at the left", () => {
  expect(chartLine(history([0, 0], [HISTORY_MS, 500]), up, 1_000)).toBe(
    `M0.0 ${CHART_HEIGHT}.0M${CHART_WIDTH}.0 ${CHART_HEIGHT / 2}.0`,
  );
});

test("samples close in time are joined, a gap is not", () => {
  const line = chartLine(history([0, 1], [1_000, 1], [20_000, 1], [21_000, 1]), up, 1_000);
  expect(line.replaceAll(/[^ML]/g, "")).toBe("MLML");
});

test("one sample is no line", () => {
  expect(chartLine(history([0, 1]), up, 1_000)).toBe("");
});
