import { openAsBlob } from "node:fs";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
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

/** Often enough that size and date are looked at. */
async function readOften(source: FileSource): Promise<void> {
  for (let read = 0; read < 16; read++) await source.read(piece(0), 0, 10);
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

  test.each([
    ["size", 101],
    ["lastModified", 6],
  ] as const)("a file whose %s differs from when it was chosen is unreadable", async (property, value) => {
    const file = fileOf("long", 100);
    const source = sourceOf(file);
    await source.read(piece(0), 0, 10);
    vi.spyOn(file, property, "get").mockReturnValue(value);
    await expect(readOften(source)).rejects.toBeInstanceOf(PieceUnreadableError);
    await expect(source.file(0)).rejects.toBeInstanceOf(PieceUnreadableError);
  });

  test("a file that is not as long as the torrent says is unreadable", async () => {
    const source = new FileSource([fileOf("long", 99)], new Geometry(PIECE_BYTES, [100]));
    await expect(source.read(piece(0), 0, 10)).rejects.toBeInstanceOf(PieceUnreadableError);
  });

  test("a file on disk that somebody wrote to is unreadable", async () => {
    const folder = await mkdtemp(join(tmpdir(), "shoal-"));
    const path = join(folder, "chosen");
    await writeFile(path, "before");
    const source = sourceOf(new File([await openAsBlob(path)], "chosen"));
    expect(await source.read(piece(0), 0, 6)).toEqual(new TextEncoder().encode("before"));
    await appendFile(path, " and after");
    await expect(source.read(piece(0), 0, 6)).rejects.toBeInstanceOf(PieceUnreadableError);
    await rm(folder, { recursive: true });
  });
});
