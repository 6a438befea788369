/**
 * `npm run bench:literature`: what the literature states of swarms, beside what the simulated ones do from several
 * seeds. The tests in web/sim/literature play the same swarms and assert what stands in the last column. Some two
 * minutes; --seeds 5 plays more.
 *
 * Where few people scatter widely a run is one of four swarms: run 1 of the seeds 1 to 4, run 2 of 5 to 8.
 */
import { parseArgs } from "node:util";
import { OPTIMISTIC_SHARE } from "../../web/engine/limits.ts";
import {
  contributorsMedianWith,
  crowdWith,
  isDone,
  LONG,
  medianWithNarrowDownlinks,
  SHORT,
  shareOfFreeRiders,
} from "../../web/sim/literature/giving.ts";
import { CLUB, clubAfter, completesAfterTwoCopies } from "../../web/sim/literature/picking.ts";
import { steady } from "../../web/sim/literature/steady.ts";
import { table } from "../figures.ts";

const { values: options } = parseArgs({ options: { seeds: { type: "string", default: "3" } } });
const runs = Array.from({ length: Number(options.seeds) }, (_, i) => i + 1);

const fourOf = (run: number) => [1, 2, 3, 4].map((i) => 4 * (run - 1) + i);
const percent = (fraction: number) => `${(100 * fraction).toFixed(1)} %`;
const more = (fraction: number) => `${fraction < 1 ? "" : "+"}${percent(fraction - 1)}`;
const yesOrNo = (answer: boolean) => (answer ? "yes" : "no");

/** One line for each figure of a run. */
type Figures = readonly string[];

function narrowDownlinks(run: number): Figures {
  const none = medianWithNarrowDownlinks(0, fourOf(run));
  return [0.5, 0.8, 0.95].map((share) => more(medianWithNarrowDownlinks(share, fourOf(run)) / none));
}

function narrowUplinks(seed: number): Figures {
  const none = contributorsMedianWith(0, seed);
  const costs = [0.5, 0.8].map((share) => more(contributorsMedianWith(share, seed) / none));
  const { world, contributors } = crowdWith(0.95, LONG, seed);
  world.runUntil(() => contributors.every(isDone), 1.5 * 1000 * none);
  return [...costs, `${contributors.filter(isDone).length} of ${contributors.length}`];
}

function half(seed: number): Figures {
  const crowd = crowdWith(0.5, SHORT, seed);
  crowd.world.runUntil(() => crowd.contributors.some(isDone), 10_000_000);
  const share = percent(shareOfFreeRiders(crowd));
  crowd.world.runUntil(() => crowd.contributors.every(isDone), 10_000_000);
  return [share, `${crowd.freeRiders.filter(isDone).length}`];
}

function arrivals(run: number): Figures {
  const [few, many] = [steady(0.25, fourOf(run)), steady(0.75, fourOf(run))];
  return [more(many.seconds / few.seconds), (many.leechers / few.leechers).toFixed(2)];
}

interface Result {
  readonly source: string;
  readonly figures: readonly { readonly states: string; readonly asserted: string }[];
  readonly play: (run: number) => Figures;
}

const results: readonly Result[] = [
  {
    source: "Legout et al. 2006, downlinks the limit",
    figures: [
      { states: "50 % free-riders: everybody's median", asserted: "< +10 %" },
      { states: "80 %", asserted: "< +10 %" },
      { states: "95 %", asserted: "> +12 %" },
    ],
    play: narrowDownlinks,
  },
  {
    source: "Legout et al. 2006, uplinks the limit",
    figures: [
      { states: "50 % free-riders: median of those who give", asserted: "< +10 %" },
      { states: "80 %", asserted: "< +10 %" },
      { states: "95 %: done after 1.5 times the time", asserted: "0" },
    ],
    play: narrowUplinks,
  },
  {
    source: "BEP 3, half free-riders",
    figures: [
      { states: "what they get of what others give", asserted: `< ${percent(1.6 * OPTIMISTIC_SHARE)}` },
      { states: "done before the last who gives", asserted: "0" },
    ],
    play: half,
  },
  {
    source: "Cohen 2003, the seed leaves after two copies",
    figures: [
      { states: "all is there, rarest first", asserted: "yes" },
      { states: "all is there, random order", asserted: "no" },
    ],
    play: (seed) =>
      [false, true].map((picksAtRandom) => yesOrNo(completesAfterTwoCopies(seed, picksAtRandom))),
  },
  {
    source: `Hajek and Zhu 2011, ${CLUB} lack one piece`,
    figures: [
      { states: "after 100 s, 0.4 arrivals a piece of the seed", asserted: `< ${CLUB / 2}` },
      { states: "after 100 s, 1.6 arrivals", asserted: `> ${2 * CLUB}` },
    ],
    play: (seed) => [0.4, 1.6].map((rate) => `${clubAfter(100, rate, seed)}`),
  },
  {
    source: "Qiu and Srikant 2004, three times the arrivals",
    figures: [
      { states: "time of a download", asserted: "within 15 %" },
      { states: "times as many leechers at once", asserted: "> 2.4" },
    ],
    play: arrivals,
  },
];

function rowsOf({ source, figures, play }: Result): string[][] {
  const columns = runs.map(play);
  const rows = figures.map(({ states, asserted }, line) => [
    `  ${states}`,
    ...columns.map((column) => column[line] ?? ""),
    asserted,
  ]);
  return [[source], ...rows];
}

console.log(table([["", ...runs.map((run) => `run ${run}`), "asserted"], ...results.flatMap(rowsOf)]));
