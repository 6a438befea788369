import { describe, expect, test } from "vitest";
import { Geometry } from "../../engine/geometry.ts";
import { WEB_SEED_RUN_BYTES } from "../limits.ts";
import { BlockQueue, rangesOf } from "./range-run.ts";
import { webSeedUrl } from "./web-seed-url.ts";

const KIB16 = 16_384;
const block = (piece: number, begin: number, length = KIB16) => ({ piece, begin, length });

describe("[BEP 19] where a file is", () => {
  const single = { name: "a b.txt", isSingleFile: true, files: [{ path: ["a b.txt"], length: 1 }] };
  const several = {
    name: "trip",
    isSingleFile: false,
    files: [
      { path: ["ä", "1#.jpg"], length: 1 },
      { path: ["x?y.txt"], length: 1 },
    ],
  };
  test.each([
    ["https://h/file.bin", single, 0, "https://h/file.bin"],
    ["https://h/dir/", single, 0, "https://h/dir/a%20b.txt"],
    ["https://h/dir/", several, 0, "https://h/dir/trip/%C3%A4/1%23.jpg"],
    ["https://h/dir", several, 1, "https://h/dir/trip/x%3Fy.txt"],
  ] as const)("%s", (base, info, file, url) => {
    expect(webSeedUrl(base, info, file)).toBe(url);
  });
});

describe("blocks that are fetched together", () => {
  const geometry = new Geometry(2 * KIB16, [3 * KIB16 + 100, 5]);

  test("are neighbours, also over the end of a piece, whatever order they were asked in", () => {
    const queue = new BlockQueue();
    for (const each of [block(0, KIB16), block(1, KIB16, 100), block(0, 0), block(1, 0)]) queue.add(each);
    expect(queue.takeRun(geometry)).toEqual([block(0, KIB16), block(1, 0), block(1, KIB16, 100)]);
    expect(queue.takeRun(geometry)).toEqual([block(0, 0)]);
    expect(queue.size).toBe(0);
  });

  test("are no more than one fetch should bring", () => {
    const queue = new BlockQueue();
    const large = new Geometry(2 ** 24, [2 ** 26]);
    for (let at = 0; at < 2 ** 24; at += KIB16) queue.add(block(0, at));
    expect(queue.takeRun(large)).toHaveLength(WEB_SEED_RUN_BYTES / KIB16);
  });

  test("[BEP 52] lie in one range as long as they lie in one file", () => {
    const run = [block(0, KIB16), block(1, 0), block(1, KIB16, 100), block(2, 0, 5)];
    expect(rangesOf(run, geometry)).toEqual([
      {
        file: 0,
        begin: KIB16,
        end: 3 * KIB16 + 100,
        shares: [
          { block: 0, offsetInBlock: 0, length: KIB16 },
          { block: 1, offsetInBlock: 0, length: KIB16 },
          { block: 2, offsetInBlock: 0, length: 100 },
        ],
      },
      { file: 1, begin: 0, end: 5, shares: [{ block: 3, offsetInBlock: 0, length: 5 }] },
    ]);
  });

  test("[BEP 3] of a v1 torrent may lie in several files, and what is padding is not fetched", () => {
    const v1 = new Geometry(KIB16, [10_000, 4_000, 9_000], {
      offsets: [0, 10_000, 16_384],
      streamLength: 25_384,
    });
    expect(rangesOf([block(0, 0, 14_000), block(1, 0, 9_000)], v1)).toEqual([
      { file: 0, begin: 0, end: 10_000, shares: [{ block: 0, offsetInBlock: 0, length: 10_000 }] },
      { file: 1, begin: 0, end: 4_000, shares: [{ block: 0, offsetInBlock: 10_000, length: 4_000 }] },
      { file: 2, begin: 0, end: 9_000, shares: [{ block: 1, offsetInBlock: 0, length: 9_000 }] },
    ]);
  });
});
