import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toHex } from "../units.ts";
import { choosePieceLength, createTorrent, type TorrentSource } from "./create.ts";
import { HashTree } from "./hash-tree.ts";
import { parseInfo } from "./info.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const KIB = 1024;
const MIB = KIB * KIB;

function file(path: string, length: number) {
  return {
    path: path.split("/"),
    length,
    leaves: new Uint8Array(Math.ceil(length / (16 * KIB)) * 32).fill(9),
  };
}

function created(source: Partial<TorrentSource>) {
  const result = createTorrent(
    { name: "n", pieceLength: 16 * KIB, files: [file("n", 1)], ...source },
    sha256,
  );
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

function reasonOf(...paths: string[]): string {
  const files = paths.map((path) => file(path, 1));
  const result = createTorrent({ name: "n", pieceLength: 16 * KIB, files }, sha256);
  return result.ok ? "none" : result.reason;
}

describe("Creating a torrent", () => {
  test("piece length grows with the content so that there are about 2,048 pieces", () => {
    expect(choosePieceLength(0)).toBe(256 * KIB);
    expect(choosePieceLength(0, true)).toBe(64 * KIB);
    expect(choosePieceLength(512 * MIB)).toBe(256 * KIB);
    expect(choosePieceLength(512 * MIB + 1)).toBe(512 * KIB);
    expect(choosePieceLength(4 * KIB * MIB)).toBe(2 * MIB);
    expect(choosePieceLength(4 * KIB * MIB, true)).toBe(512 * KIB);
    expect(choosePieceLength(KIB * KIB * MIB)).toBe(16 * MIB);
  });

  test("[BEP 52] gives the same infohash in whichever order the files come, and says which went where", () => {
    const files = [file("b", 40 * KIB), file("a.txt", 1), file("a/z", 2), file("a", 0)].slice(0, 3);
    const one = created({ files });
    const other = created({ files: files.toReversed() });
    expect(one.infoHash).toBe(other.infoHash);
    expect(one.info.files.map(({ path }) => path.join("/"))).toEqual(["a/z", "a.txt", "b"]);
    expect(one.order).toEqual([2, 1, 0]);
    expect(other.order).toEqual([0, 1, 2]);
  });

  test("[BEP 52] sorts names as raw bytes, not as text", () => {
    // U+FF5E is before U+1F31E in UTF-8, and after it in UTF-16.
    const { info } = created({
      files: [file("\u{1F31E}", 1), file("\uFF5E", 1), file("é", 1), file("z", 1)],
    });
    expect(info.files.map(({ path }) => path[0])).toEqual(["z", "é", "\uFF5E", "\u{1F31E}"]);
  });

  test("[BEP 52] the infohash is the hash of the bytes, and the bytes parse to the same info", () => {
    const { info, infoBytes, infoHash } = created({});
    expect(infoHash).toBe(toHex(sha256(infoBytes)));
    expect(parseInfo(infoBytes)).toEqual({ ok: true, value: info });
    expect(info.isSingleFile).toBe(true);
  });

  test("a salt changes the infohash and nothing else", () => {
    const salted = created({ salt: new Uint8Array(16).fill(1) });
    const otherwise = created({ salt: new Uint8Array(16).fill(2) });
    expect(new Set([created({}).infoHash, salted.infoHash, otherwise.infoHash]).size).toBe(3);
    expect(salted.info.files).toEqual(created({}).info.files);
  });

  test("[BEP 52] gives piece layers to files longer than a piece alone, and they hash to the root", () => {
    const { info, layers } = created({
      files: [file("a", 16 * KIB), file("b", 16 * KIB + 1), file("c", 0)],
    });
    expect(layers.map((layer) => layer?.length)).toEqual([undefined, 64, undefined]);
    const [, b] = info.files;
    const tree = new HashTree(b?.length ?? 0, 16 * KIB, b?.piecesRoot ?? new Uint8Array(), sha256);
    expect(tree.setPieceLayer(layers[1] ?? new Uint8Array())).toBe(true);
  });

  test("[BEP 52] a hybrid pads each file to whole pieces, and a single file not at all", () => {
    const withPieces = (path: string, length: number) => {
      return { ...file(path, length), v1Pieces: new Uint8Array(20 * Math.ceil(length / (16 * KIB))) };
    };
    const folder = created({
      files: [withPieces("a", 20 * KIB), withPieces("b", 0), withPieces("c", 16 * KIB)],
    });
    expect(folder.info).toMatchObject({ version: "hybrid", v1: { streamLength: 48 * KIB } });
    const single = created({ files: [withPieces("n", 20 * KIB)] });
    expect(single.info).toMatchObject({ version: "hybrid", v1: { streamLength: 20 * KIB } });
  });

  test("refuses files that cannot stand beside each other", () => {
    expect(reasonOf("a", "a")).toBe("path-conflict");
    expect(reasonOf("a", "a/b")).toBe("path-conflict");
    expect(reasonOf("a/b", "a")).toBe("path-conflict");
    expect(reasonOf("a/b", "a/c")).toBe("none");
  });

  test("refuses what has no bytes", () => {
    const source = { name: "n", pieceLength: 16 * KIB };
    expect(createTorrent({ ...source, files: [file("a", 0)] }, sha256)).toMatchObject({ reason: "no-bytes" });
    expect(createTorrent({ ...source, files: [] }, sha256)).toMatchObject({ reason: "no-files" });
  });

  test("a file called like a prototype is a file like any other", () => {
    const { info } = created({ files: [file("__proto__", 1), file("constructor/toString", 1)] });
    expect(info.files.map(({ path }) => path.join("/"))).toEqual(["__proto__", "constructor/toString"]);
  });
});
