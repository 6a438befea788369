import { openAsBlob } from "node:fs";
import { appendFile, mkdtemp, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { PieceUnreadableError } from "../../ports/piece-store.ts";
import { FileSource } from "./file-source.ts";

const PIECE_BYTES = 16_384;
const piece = (index: number) => index as PieceIndex;

function fileOf(name: string, length: number): File {
  return new File([Uint8Array.from({ length }, (_, i) => (i + name.length) & 0xff)], name, {
    lastModified: 5,
  });
}

function sourceOf(...files: File[]): FileSource {
  return new FileSource(
    files,
    new Geometry(
      PIECE_BYTES,
      files.map((file) => file.size),
    ),
  );
}

describe("FileSource", () => {
  test("a piece is read from the file that holds it, past empty files", async () => {
    const long = fileOf("long", PIECE_BYTES + 100);
    const short = fileOf("sh", 50);
    const source = sourceOf(long, fileOf("empty", 0), short);
    const whole = new Uint8Array(await long.arrayBuffer());
    expect(await source.read(piece(0), 10, 20)).toEqual(whole.subarray(10, 30));
    expect(await source.read(piece(1), 0, 100)).toEqual(whole.subarray(PIECE_BYTES));
    expect(await source.read(piece(2), 1, 49)).toEqual(new Uint8Array(await short.arrayBuffer()).subarray(1));
  });

  test("the file for saving is the chosen one itself, not a copy", async () => {
    const file = fileOf("long", 100);
    expect(await sourceOf(file).file(0)).toBe(file);
  });

  test("bytes that are not what was shared are unreadable, the same ones with another test are not", async () => {
    const file = fileOf("long", 100);
    const geometry = new Geometry(PIECE_BYTES, [100]);
    const tested: unknown[] = [];
    const reading = (isUnchanged: boolean) =>
      new FileSource([file], geometry, async (...read) => {
        tested.push(read);
        return isUnchanged;
      }).read(piece(0), 0, 100);
    await expect(reading(false)).rejects.toBeInstanceOf(PieceUnreadableError);
    const bytes = await reading(true);
    expect(tested).toEqual([
      [0, 0, bytes],
      [0, 0, bytes],
    ]);
  });

  test("a file that is not as long as the torrent says is unreadable", async () => {
    const source = new FileSource([fileOf("long", 99)], new Geometry(PIECE_BYTES, [100]));
    await expect(source.read(piece(0), 0, 10)).rejects.toBeInstanceOf(PieceUnreadableError);
  });

  test.each([
    ["written to", (path: string) => writeFile(path, "BEFORE")],
    ["made longer", (path: string) => appendFile(path, " and after")],
    ["made shorter", (path: string) => truncate(path, 3)],
    ["deleted", (path: string) => rm(path)],
  ])("a file on disk that was %s is unreadable", async (_what, change) => {
    const folder = await mkdtemp(join(tmpdir(), "shoal-"));
    const path = join(folder, "chosen");
    await writeFile(path, "before");
    await utimes(path, 5, 5);
    const source = sourceOf(new File([await openAsBlob(path)], "chosen"));
    expect(await source.read(piece(0), 0, 6)).toEqual(new TextEncoder().encode("before"));
    await change(path);
    await expect(source.read(piece(0), 0, 6)).rejects.toBeInstanceOf(PieceUnreadableError);
    await rm(folder, { recursive: true });
  });
});
