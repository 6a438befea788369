/** Turns figures into the tables that `npm run bench` prints. */
import type { CreationFigures } from "./creation.ts";
import { table } from "./figures.ts";
import type { TransferFigures } from "./transfer.ts";

interface Row {
  readonly title: string;
  readonly figure: keyof TransferFigures;
  readonly divideBy: number;
  readonly digits: number;
}

const MB = 1_000_000;

const rows: readonly Row[] = [
  { title: "first block, s", figure: "firstBlockSeconds", divideBy: 1, digits: 2 },
  { title: "rate, MB/s", figure: "rateBytesPerSecond", divideBy: MB, digits: 1 },
  { title: "everybody done, s", figure: "totalSeconds", divideBy: 1, digits: 1 },
  { title: "copies from the seeder", figure: "copiesFromSeeder", divideBy: 1, digits: 2 },
  { title: "page heap at most, MB", figure: "peakPageHeapBytes", divideBy: MB, digits: 0 },
  { title: "largest tab at most, MB", figure: "peakTabBytes", divideBy: MB, digits: 0 },
];

/** One column for each program, and how Shoal relates to the others. */
export function transferTable(byName: Readonly<Record<string, TransferFigures>>): string {
  const names = Object.keys(byName).sort();
  const ours = names.find((name) => name === "shoal" || name === "mixed");
  const others = ours === undefined ? [] : names.filter((name) => name !== ours);
  const heading = ["", ...names, ...others.map((name) => `${ours}/${name}`)];
  const lines = rows.map(({ title, figure, divideBy, digits }) => {
    const value = (name: string) => byName[name]?.[figure] ?? Number.NaN;
    const cells = names.map((name) => (value(name) / divideBy).toFixed(digits));
    const ratios = others.map((name) => (value(ours ?? "") / value(name)).toFixed(2));
    return [title, ...cells, ...ratios];
  });
  return table([heading, ...lines]);
}

export function creationTable(figures: CreationFigures): string {
  const mb = (bytes: number, digits: number) => (bytes / MB).toFixed(digits);
  return table([
    ["from file to link, MB/s", mb(figures.rateBytesPerSecond, 0)],
    ["16 KiB digests alone, MB/s", mb(figures.digestBytesPerSecond, 0)],
    ["ratio", (figures.rateBytesPerSecond / figures.digestBytesPerSecond).toFixed(2)],
    ["page heap after, MB", mb(figures.pageHeapBytes, 0)],
    ["largest tab at most, MB", mb(figures.peakTabBytes, 0)],
  ]);
}
