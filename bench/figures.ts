/** Medians of repeated measurements, and the table that a person reads. */

/** @throws for an empty list: there is nothing that it could honestly return. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError("the median of no values");
  return (lower + upper) / 2;
}

/** The median of each figure over several runs that have the same figures. */
export function medians<Key extends string>(
  runs: readonly Readonly<Record<Key, number>>[],
): Record<Key, number> {
  const keys = Object.keys(runs[0] ?? {}) as Key[];
  const entries = keys.map((key) => [key, median(runs.map((run) => run[key]))] as const);
  return Object.fromEntries(entries) as Record<Key, number>;
}

/** Columns padded to their widest cell, the first one to the left and figures to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
  return rows.map((row) => line(row).join("   ").trimEnd()).join("\n");
}
