/** Draws a run of a crowd as one SVG: who has finished, how many copies there are, how busy the uplinks are. */
import type { CrowdRun } from "./flash-crowd.ts";

const WIDTH = 720;
const HEIGHT = 180;
const MARGIN = 48;

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

interface Panel {
  readonly title: string;
  readonly top: number;
  readonly curves: readonly Curve[];
}

export function plotCrowd({ options, samples, shortestSeconds }: CrowdRun): string {
  const times = samples.map(({ at }) => at);
  const utilisation = samples.map((sample, index) => {
    const before = samples[index - 1];
    if (before === undefined || sample.at === before.at) return 0;
    const givers = options.peers * (1 - options.freeRiders);
    return (sample.leechersSent - before.leechersSent) / ((sample.at - before.at) * givers * options.up);
  });
  const finished: Panel = {
    title: "leechers that finished",
    top: options.peers,
    curves: [{ name: "finished", colour: "#0b6e99", values: samples.map((sample) => sample.finished) }],
  };
  const copies: Panel = {
    title: "copies per piece",
    top: options.peers + 1,
    curves: [
      { name: "mean", colour: "#0b6e99", values: samples.map((sample) => sample.meanCopies) },
      { name: "rarest", colour: "#c2410c", values: samples.map((sample) => sample.rarestCopies) },
    ],
  };
  const upload: Panel = {
    title: "upload utilisation of the leechers",
    top: 1.2,
    curves: [{ name: "utilisation", colour: "#0b6e99", values: utilisation }],
  };
  const end = Math.max(times.at(-1) ?? 1, shortestSeconds);
  const panels = [finished, copies, upload].map((panel, index) =>
    drawPanel(panel, times, end, shortestSeconds, index),
  );
  const height = panels.length * (HEIGHT + MARGIN) + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH + 2 * MARGIN}" height="${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="white"/>
${panels.join("\n")}
</svg>
`;
}

function drawPanel(
  { title, top, curves }: Panel,
  times: readonly number[],
  end: number,
  bound: number,
  index: number,
): string {
  const x = (time: number) => (MARGIN + (time / end) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - Math.min(1, value / top) * HEIGHT).toFixed(1);
  const lines = curves.map(({ colour, values }) => {
    const points = values.map((value, at) => `${x(times[at] ?? 0)},${y(value)}`).join(" ");
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
  });
  const legend = curves.map(
    ({ name, colour }, at) => `<text x="${MARGIN + 8 + 80 * at}" y="16" fill="${colour}">${name}</text>`,
  );
  return `<g transform="translate(0 ${MARGIN + index * (HEIGHT + MARGIN)})">
<text x="${MARGIN}" y="-8">${title}</text>
<rect x="${MARGIN}" width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#999"/>
<line x1="${x(bound)}" x2="${x(bound)}" y2="${HEIGHT}" stroke="#999" stroke-dasharray="4 4"/>
<text x="${MARGIN - 6}" y="10" text-anchor="end">${top}</text>
<text x="${MARGIN - 6}" y="${HEIGHT}" text-anchor="end">0</text>
<text x="${x(end)}" y="${HEIGHT + 16}" text-anchor="end">${end.toFixed(0)} s</text>
${[...lines, ...legend].join("\n")}
</g>`;
}
