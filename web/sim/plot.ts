/**
 * Draws a run as one SVG: who has finished, how many copies of the pieces there are, how busy the uplinks
 * are, all over the same time. Readable on light and on dark ground.
 */
import type { Sample } from "./sample.ts";

const WIDTH = 760;
const PANEL = 170;
const GAP = 62;
const LEFT = 64;
const RIGHT = 24;
const HEAD = 64;
const HEAD_LINE = 20;
const FOOT = 48;

interface Curve {
  readonly name: string;
  /** Class of its line and of its legend. */
  readonly kind: "main" | "second";
  readonly values: readonly number[];
}

interface Panel {
  readonly title: string;
  readonly unit: string;
  /** Highest value that is drawn. */
  readonly top: number;
  readonly curves: readonly Curve[];
}

const STYLE = `
  svg { color-scheme: light dark; background: #ffffff; font: 12px system-ui, sans-serif; }
  text { fill: #44403c; }
  .head { font-size: 15px; font-weight: 600; fill: #1c1917; }
  .title { font-size: 13px; font-weight: 600; fill: #1c1917; }
  .grid { stroke: #e7e5e4; }
  .axis { stroke: #78716c; }
  .bound { stroke: #a16207; stroke-dasharray: 5 4; }
  .boundname { fill: #854d0e; }
  .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
  .main { stroke: #0369a1; } .second { stroke: #c2410c; }
  @media (prefers-color-scheme: dark) {
    svg { background: #1c1917; }
    text { fill: #d6d3d1; }
    .head, .title { fill: #fafaf9; }
    .grid { stroke: #3f3a36; }
    .axis { stroke: #a8a29e; }
    .bound { stroke: #eab308; } .boundname { fill: #facc15; }
    .main { stroke: #38bdf8; } .second { stroke: #fb923c; }
  }`;

export interface Plotted {
  readonly head: string;
  readonly samples: readonly Sample[];
  /** Seconds before which the last cannot be done, where that is known. */
  readonly shortestSeconds?: number;
}

export function plotSwarm({ head, samples, shortestSeconds }: Plotted): string {
  const times = samples.map(({ at }) => at);
  const end = Math.max(times.at(-1) ?? 1, shortestSeconds ?? 0, 1);
  const panels = panelsOf(samples);
  const lines = wrapped(head, 76);
  const headHeight = HEAD + (lines.length - 1) * HEAD_LINE;
  const height = headHeight + panels.length * (PANEL + GAP) - GAP + FOOT;
  const drawn = panels.map((panel, index) => drawPanel(panel, times, end, shortestSeconds, index));
  const name = escaped(head);
  const title = lines.map(
    (line, at) => `<tspan x="${LEFT}" dy="${at === 0 ? 0 : HEAD_LINE}">${escaped(line)}</tspan>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${name}">
<style>${STYLE}
</style>
<text class="head" y="24">${title.join("")}</text>
<g transform="translate(0 ${headHeight})">
${drawn.join("\n")}
</g>
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 10}" text-anchor="middle">seconds</text>
</svg>
`;
}

/** Lines of at most so many characters, broken between words. */
function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function panelsOf(samples: readonly Sample[]): readonly Panel[] {
  const utilisation = samples.map((sample, index) => {
    const before = samples[Math.max(0, index - 5)] ?? sample;
    const couldSend = ((sample.uplinks + before.uplinks) / 2) * (sample.at - before.at);
    return couldSend > 0 ? (100 * (sample.leechersSent - before.leechersSent)) / couldSend : 0;
  });
  const cameOver = samples.map(({ leechers }) => leechers);
  const most = Math.max(1, ...cameOver);
  const isCrowd = cameOver[0] === most || cameOver[1] === most;
  return [
    {
      title: "Leechers that finished",
      unit: "",
      top: most,
      curves: [
        { name: "finished", kind: "main", values: samples.map(({ finished }) => finished) },
        ...(isCrowd ? [] : [{ name: "came", kind: "second" as const, values: cameOver }]),
      ],
    },
    {
      title: "Copies of a piece",
      unit: "",
      top: Math.max(...samples.map(({ meanCopies }) => meanCopies), 2),
      curves: [
        { name: "mean of all pieces", kind: "main", values: samples.map(({ meanCopies }) => meanCopies) },
        { name: "rarest piece", kind: "second", values: samples.map(({ rarestCopies }) => rarestCopies) },
      ],
    },
    {
      title: "Upload utilisation: bytes handed to the uplinks of leechers that give, over 5 s",
      unit: " %",
      top: 100,
      curves: [{ name: "uplinks in use", kind: "main", values: utilisation }],
    },
  ];
}

function drawPanel(
  panel: Panel,
  times: readonly number[],
  end: number,
  bound: number | undefined,
  index: number,
): string {
  const { title, unit, curves } = panel;
  const xs = ticks(end);
  const ys = ticks(panel.top);
  const top = Math.max(panel.top, ys.at(-1) ?? 1);
  const x = (time: number) => (LEFT + (time / end) * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const y = (value: number) => (PANEL - (Math.min(value, top) / top) * PANEL).toFixed(1);
  const right = WIDTH - RIGHT;
  const rows = ys.map(
    (value) =>
      `<line class="grid" x1="${LEFT}" x2="${right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text x="${LEFT - 8}" y="${y(value)}" dy="4" text-anchor="end">${value}${unit}</text>`,
  );
  const columns = xs.map(
    (value) =>
      `<line class="axis" x1="${x(value)}" x2="${x(value)}" y1="${PANEL}" y2="${PANEL + 5}"/>` +
      `<text x="${x(value)}" y="${PANEL + 19}" text-anchor="middle">${value}</text>`,
  );
  const lines = curves.map(({ kind, values }) => {
    const points = values.map((value, at) => `${x(times[at] ?? 0)},${y(value)}`).join(" ");
    return `<polyline class="line ${kind}" points="${points}"/>`;
  });
  const mark = bound === undefined ? "" : drawBound(x(bound), bound > end * 0.7, index === 0);
  return `<g transform="translate(0 ${index * (PANEL + GAP)})">
<text class="title" x="${LEFT}" y="-12">${title}</text>
${curves.length > 1 ? legend(curves) : ""}
${rows.join("\n")}
${columns.join("\n")}
<line class="axis" x1="${LEFT}" x2="${right}" y1="${PANEL}" y2="${PANEL}"/>
<line class="axis" x1="${LEFT}" x2="${LEFT}" y1="0" y2="${PANEL}"/>
${mark}
${lines.join("\n")}
</g>`;
}

/** Its name stands on the side that has room. */
function drawBound(x: string, isLate: boolean, isNamed: boolean): string {
  const line = `<line class="bound" x1="${x}" x2="${x}" y1="0" y2="${PANEL}"/>`;
  const anchor = isLate ? 'dx="-6" text-anchor="end"' : 'dx="6" text-anchor="start"';
  const name = `<text class="boundname" x="${x}" y="12" ${anchor}>the last cannot finish sooner</text>`;
  return isNamed ? line + name : line;
}

function legend(curves: readonly Curve[]): string {
  const room = 160;
  return curves
    .map(({ name, kind }, at) => {
      const left = WIDTH - RIGHT - (curves.length - at) * room;
      return `<line class="line ${kind}" x1="${left}" x2="${left + 22}" y1="-16" y2="-16"/><text x="${left + 28}" y="-12">${name}</text>`;
    })
    .join("\n");
}

/** Round values from 0 up to about `top`, four to six of them. */
function ticks(top: number): readonly number[] {
  const rough = top / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough) ?? rough;
  const whole = step < 1 ? 1 : step;
  return Array.from({ length: Math.floor(top / whole + 1e-9) + 1 }, (_, at) =>
    Number((at * whole).toPrecision(6)),
  );
}
