import { describe, expect, test } from "vitest";
import { createSyncDigests, hybridHashes, leafHashes } from "../../adapters/hashing.ts";
import type { ChosenFile } from "../commands.ts";
import { NothingToShareError, publish, shareName } from "./publish.ts";

const { sha256, sha1 } = await createSyncDigests();
let salts = 0;
const world = {
  leafHashes,
  hybridHashes,
  sha256,
  sha1,
  randomBytes: (count: number) => new Uint8Array(count).fill(++salts),
};

function chosen(path: string, content = path): ChosenFile {
  const parts = path.split("/");
  return { file: new File([content], parts.at(-1) ?? ""), path: parts };
}

function published(files: readonly ChosenFile[], isPublic = false, signal = new AbortController().signal) {
  return publish(files, { public: isPublic }, world, () => {}, signal);
}

describe("what a share is called", () => {
  test.each([
    ["holiday.zip", ["holiday.zip"]],
    ["trip", ["trip/a.jpg", "trip/day 2/b.jpg"]],
    ["trip", ["trip/only.jpg"]],
    ["2 files", ["a.jpg", "b.jpg"]],
    ["3 files", ["trip/a.jpg", "trip/b.jpg", "note.txt"]],
  ])("%s", (name, paths) => {
    expect(shareName(paths.map((path) => chosen(path)))).toBe(name);
  });
});

describe("publishing", () => {
  test("paths begin below the folder, in the order of the file tree, and the files follow them", async () => {
    const { info, files } = await published([chosen("trip/b"), chosen("trip/a/c")]);
    expect(info.name).toBe("trip");
    expect(info.files.map(({ path }) => path)).toEqual([["a", "c"], ["b"]]);
    expect(await Promise.all(files.map((file) => file.text()))).toEqual(["trip/a/c", "trip/b"]);
  });

  test("files of one name are told apart by a number before the extension", async () => {
    const { info } = await published([
      chosen("a.tar.gz", "1"),
      chosen("a.tar.gz", "2"),
      chosen("b", "3"),
      chosen("b", "4"),
    ]);
    expect(info.files.map(({ path }) => path.join("/"))).toEqual(["a.tar (2).gz", "a.tar.gz", "b", "b (2)"]);
  });

  test("[BEP 52] every file but an empty one has a tree, with the leaves of each piece", async () => {
    const { trees, info } = await published([chosen("a", "x".repeat(600_000)), chosen("b", "")]);
    expect(trees.map((tree) => tree?.pieceCount)).toEqual([3, undefined]);
    expect(trees[0]?.hasPieceLayer).toBe(true);
    expect([0, 1, 2].map((piece) => trees[0]?.hasLeaves(piece))).toEqual([true, true, true]);
    expect(trees[0]?.piecesRoot).toEqual(info.files[0]?.piecesRoot);
  });

  test("a private share is salted: the same file has another infohash each time", async () => {
    const [one, other] = [await published([chosen("a")]), await published([chosen("a")])];
    expect(one.infoHash).not.toBe(other.infoHash);
    expect(one.info.version).toBe("v2");
    expect(one.infoHashV1).toBeUndefined();
  });

  test("a public share is an unsalted hybrid: the same file has the same two infohashes everywhere", async () => {
    const [one, other] = [await published([chosen("a")], true), await published([chosen("a")], true)];
    expect(one.infoHash).toBe(other.infoHash);
    expect(one.infoHashV1).toMatch(/^[0-9a-f]{40}$/);
    expect(one.info.version).toBe("hybrid");
  });

  test("[BEP 47] a hybrid of several files is one that our own parser opens, padding and all", async () => {
    const { info } = await published(
      [chosen("d/a", "x".repeat(300_000)), chosen("d/b", "y".repeat(10))],
      true,
    );
    expect(info.files.map(({ length }) => length)).toEqual([300_000, 10]);
  });

  test("a film has smaller pieces than anything else of its size", async () => {
    const [film, other] = [await published([chosen("a.webm")]), await published([chosen("a.bin")])];
    expect(film.info.pieceLength).toBe(other.info.pieceLength / 4);
  });

  test("progress counts the bytes of all files together", async () => {
    const seen: number[] = [];
    const { signal } = new AbortController();
    await publish(
      [chosen("a", "123"), chosen("b", "4567")],
      { public: false },
      world,
      (n) => seen.push(n),
      signal,
    );
    expect(seen.at(-1)).toBe(7);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });

  test("it is given up when told to", async () => {
    const abort = new AbortController();
    abort.abort(new Error("given up"));
    await expect(published([chosen("a")], false, abort.signal)).rejects.toThrow("given up");
  });

  test("no bytes at all, or a file in the place of a folder, cannot be shared", async () => {
    await expect(published([])).rejects.toThrow(NothingToShareError);
    await expect(published([chosen("a", "")])).rejects.toThrow(NothingToShareError);
    await expect(published([chosen("d/a"), chosen("d/a/b")])).rejects.toThrow(NothingToShareError);
  });
});
