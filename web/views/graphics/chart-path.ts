/** The rates of the last minutes as lines in a drawing of CHART_WIDTH × CHART_HEIGHT, the present at its right edge. */
import { HISTORY_MS, type RateHistory, type RateSample } from "../../store/rate-history.ts";

export const CHART_WIDTH = 600;
export const CHART_HEIGHT = 120;

/** A gap this long was no activity at all, not a slope. */
const GAP_MS = 5_000;

/** Top of the scale, bytes per second: a round number that no sample is above. */
export function scaleTop(history: RateHistory): number {
  const highest = Math.max(1000, ...history.flatMap((sample) => [sample.up, sample.down]));
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= highest) ?? 10;
  return step * power;
}

/** @returns an SVG path of the line, empty for fewer than two samples. */
export function chartLine(history: RateHistory, rateOf: (sample: RateSample) => number, top: number): string {
  const latest = history.at(-1)?.at;
  if (latest === undefined || history.length < 2) return "";
  const x = (sample: RateSample) => CHART_WIDTH * (1 - (latest - sample.at) / HISTORY_MS);
  const y = (sample: RateSample) => CHART_HEIGHT * (1 - rateOf(sample) / top);
  return history
    .map((sample, i) => {
      const before = history[i - 1];
      const isBroken = before === undefined || sample.at - before.at > GAP_MS;
      return `${isBroken ? "M" : "L"}${x(sample).toFixed(1)} ${y(sample).toFixed(1)}`;
    })
    .join("");
}
