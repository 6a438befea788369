import { describe, expect, test } from "vitest";
import { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";
import { PieceCache } from "./piece-cache.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const piece = (index: number) => index as PieceIndex;

/** A source that notes what is read of it, and cannot read the pieces that are broken. */
class NotedSource implements PieceSource {
  readonly reads: [piece: number, begin: number, length: number][] = [];
  readonly broken = new Set<number>();

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    this.reads.push([piece, begin, length]);
    if (this.broken.has(piece)) throw new PieceUnreadableError("as told to");
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = byteAt(piece, begin + i);
    return bytes;
  }

  async file(): Promise<Blob> {
    return new Blob(["whole"]);
  }

  async close(): Promise<void> {}
}

function byteAt(piece: number, offset: number): number {
  return (piece * 31 + offset + (offset >> 14) * 7) & 0xff;
}

function cacheOver(geometry: Geometry): { source: NotedSource; cache: PieceCache } {
  const source = new NotedSource();
  return { source, cache: new PieceCache(source, geometry) };
}

describe("PieceCache", () => {
  test("serves every block of a short piece from one read of the whole piece", async () => {
    const { source, cache } = cacheOver(new Geometry(256 * KIB, [256 * KIB * 9]));
    for (let begin = 0; begin < 256 * KIB; begin += 16 * KIB) {
      const block = await cache.read(piece(4), begin, 16 * KIB);
      expect(block).toHaveLength(16 * KIB);
      expect(block[5]).toBe(byteAt(4, begin + 5));
    }
    expect(source.reads).toEqual([[4, 0, 256 * KIB]]);
  });

  test("concurrent reads of one window share one read of the source", async () => {
    const { source, cache } = cacheOver(new Geometry(256 * KIB, [256 * KIB]));
    const blocks = await Promise.all([0, 1, 2, 3].map((i) => cache.read(piece(0), i * 16 * KIB, 16 * KIB)));
    expect(blocks.map((block) => block[0])).toEqual([0, 1, 2, 3].map((i) => byteAt(0, i * 16 * KIB)));
    expect(source.reads).toHaveLength(1);
  });

  test("a long piece is read in aligned windows of 1 MiB, the last one as short as the piece", async () => {
    const { source, cache } = cacheOver(new Geometry(4 * MIB, [4 * MIB, 2 * MIB + 5]));
    await cache.read(piece(0), 3 * MIB + 17, 100);
    await cache.read(piece(1), 2 * MIB, 5);
    expect(source.reads).toEqual([
      [0, 3 * MIB, MIB],
      [1, 2 * MIB, 5],
    ]);
  });

  test("a range across two windows is put together from both", async () => {
    const { cache } = cacheOver(new Geometry(4 * MIB, [4 * MIB]));
    const bytes = await cache.read(piece(0), MIB - 10, 20);
    expect([...bytes]).toEqual(Array.from({ length: 20 }, (_, i) => byteAt(0, MIB - 10 + i)));
  });

  test("reads 1 MiB ahead once the reading goes in order, and never beyond the end", async () => {
    const { source, cache } = cacheOver(new Geometry(4 * MIB, [3 * MIB, 1]));
    const windows = () => source.reads.map(([index, begin]) => `${index}:${begin / MIB}`);
    await cache.read(piece(0), 0, 1);
    expect(windows()).toEqual(["0:0"]);
    await cache.read(piece(0), MIB, 1);
    expect(windows()).toEqual(["0:0", "0:1", "0:2"]);
    await cache.read(piece(0), 2 * MIB, 1);
    expect(windows()).toEqual(["0:0", "0:1", "0:2"]);
  });

  test("short pieces that follow each other are read ahead too, as many as 1 MiB holds, up to the last one", async () => {
    const { source, cache } = cacheOver(new Geometry(256 * KIB, [256 * KIB * 7]));
    const pieces = () => source.reads.map(([index]) => index);
    await cache.read(piece(0), 0, 1);
    expect(pieces()).toEqual([0]);
    await cache.read(piece(1), 0, 1);
    expect(pieces()).toEqual([0, 1, 2, 3, 4, 5]);
    await cache.read(piece(2), 0, 1);
    await cache.read(piece(3), 0, 1);
    expect(pieces()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("keeps 16 MiB and lets go of what was used least lately", async () => {
    const { source, cache } = cacheOver(new Geometry(2 * MIB, [80 * MIB]));
    for (let index = 0; index < 16; index++) await cache.read(piece(index), 0, 1);
    await cache.read(piece(0), 0, 1);
    await cache.read(piece(16), 0, 1);
    expect(source.reads).toHaveLength(17);
    await cache.read(piece(0), 0, 1);
    expect(source.reads).toHaveLength(17);
    await cache.read(piece(1), 0, 1);
    expect(source.reads).toHaveLength(18);
  });

  test("a window that could not be read is asked for again", async () => {
    const { source, cache } = cacheOver(new Geometry(256 * KIB, [256 * KIB]));
    source.broken.add(0);
    await expect(cache.read(piece(0), 0, 1)).rejects.toBeInstanceOf(PieceUnreadableError);
    source.broken.clear();
    expect((await cache.read(piece(0), 3, 1))[0]).toBe(byteAt(0, 3));
  });

  test("reading ahead may fail without anybody noticing until the window is wanted", async () => {
    const { source, cache } = cacheOver(new Geometry(256 * KIB, [256 * KIB * 3]));
    source.broken.add(2);
    await cache.read(piece(0), 0, 1);
    await cache.read(piece(1), 0, 1);
    expect(source.reads.at(-1)?.[0]).toBe(2);
    await expect(cache.read(piece(2), 0, 1)).rejects.toBeInstanceOf(PieceUnreadableError);
    source.broken.clear();
    await expect(cache.read(piece(2), 0, 1)).resolves.toHaveLength(1);
  });

  test("blocks of one window are views of it: nothing is copied", async () => {
    const { cache } = cacheOver(new Geometry(256 * KIB, [256 * KIB]));
    const first = await cache.read(piece(0), 0, 16);
    const second = await cache.read(piece(0), 16, 16);
    expect(second.buffer).toBe(first.buffer);
    expect(second[3]).toBe(byteAt(0, 19));
  });

  test("a range that the piece does not have is unreadable", async () => {
    const { cache } = cacheOver(new Geometry(256 * KIB, [100]));
    await expect(cache.read(piece(0), 90, 20)).rejects.toBeInstanceOf(PieceUnreadableError);
  });
});
