import { describe, expect, test } from "vitest";
import { createFormat } from "./format.ts";

const format = createFormat("en");
/** Units stand behind a no-break space; the tests read better without. */
const plain = (text: string) => text.replaceAll("\u00a0", " ");

describe("sizes", () => {
  test.each([
    [0, "0 bytes"],
    [1, "1 byte"],
    [999, "999 bytes"],
    [1_000, "1 kB"],
    [16_384, "16 kB"],
    [99_400, "99 kB"],
    [100_000, "0.1 MB"],
    [4_100_000, "4.1 MB"],
    [999_940_000, "999.9 MB"],
    [999_960_000, "1.0 GB"],
    [1_800_000_000, "1.8 GB"],
    [2_500_000_000_000, "2.5 TB"],
    [2_500_000_000_000_000, "2,500.0 TB"],
  ])("%d bytes are %s", (bytes, expected) => {
    expect(plain(format.size(bytes))).toBe(expected);
  });

  test("never part from their unit at the end of a line", () => {
    expect(format.size(4_100_000)).not.toContain(" ");
    expect(format.rate(4_100_000)).not.toContain(" ");
    expect(format.duration(240)).not.toContain(" ");
    expect(format.percent(0.5)).not.toContain(" ");
  });
});

test.each([
  [16_384, "16 KiB"],
  [1_048_576, "1 MiB"],
  [16_777_216, "16 MiB"],
])("a piece of %d bytes has %s", (bytes, expected) => {
  expect(plain(format.powerOfTwo(bytes))).toBe(expected);
});

test.each([
  [0, "0 kB/s"],
  [42_000, "42 kB/s"],
  [4_100_000, "4.1 MB/s"],
  [1_250_000_000, "1.3 GB/s"],
])("a rate of %d bytes per second is %s", (rate, expected) => {
  expect(plain(format.rate(rate))).toBe(expected);
});

test.each([
  [-0.1, "0 %"],
  [0.429, "42 %"],
  [0.9999, "99 %"],
  [1, "100 %"],
  [1.2, "100 %"],
])("a fraction of %d is %s, for 100 is said only of what is complete", (fraction, expected) => {
  expect(plain(format.percent(fraction))).toBe(expected);
});

test.each([
  [0.2, "1 sec"],
  [9, "9 sec"],
  [12, "10 sec"],
  [53, "55 sec"],
  [55, "1 min"],
  [229, "4 min"],
  [19 * 60, "19 min"],
  [33 * 60, "35 min"],
  [59 * 60, "1 hr"],
  [100 * 60, "2 hr"],
  [40 * 3600, "2 days"],
])("%d seconds are told as %s", (seconds, expected) => {
  expect(plain(format.duration(seconds))).toBe(expected);
});

describe("plurals", () => {
  const files = { one: "# file", other: "# files" };

  test("follow the rule of the language", () => {
    expect(format.plural(0, files)).toBe("0 files");
    expect(format.plural(1, files)).toBe("1 file");
    expect(format.plural(2_345, files)).toBe("2,345 files");
    const polish = { one: "# plik", few: "# pliki", many: "# plików", other: "# pliku" };
    expect([1, 3, 5].map((count) => createFormat("pl").plural(count, polish))).toEqual([
      "1 plik",
      "3 pliki",
      "5 plików",
    ]);
  });

  test("fall back to the form that every language has", () => {
    expect(format.plural(1, { other: "# sheep" })).toBe("1 sheep");
  });
});

test("another language brings its own signs", () => {
  expect(plain(createFormat("de").size(1_800_000_000))).toBe("1,8 GB");
});
