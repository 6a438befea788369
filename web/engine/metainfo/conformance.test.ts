/**
 * What other projects say a torrent is: their files, their verdicts, their creators' output, byte for byte.
 * The data lies beside the repository and is not part of it; without it these tests are skipped.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { concatBytes, equalBytes } from "../bytes.ts";
import { BLOCK_BYTES } from "../limits.ts";
import { fromHex, toHex } from "../units.ts";
import { type Bencodable, type Bencode, decode, encode } from "./bencode.ts";
import { createTorrent, type HashedFile } from "./create.ts";
import { HashTree } from "./hash-tree.ts";
import { formatMagnet, parseMagnet } from "./magnet.ts";
import { leafWidth, padHash, pieceLayer, piecesRoot } from "./merkle.ts";
import { fromByteString } from "./text.ts";
import { encodeTorrent, parseTorrent } from "./torrent.ts";

const folder = new URL("../../../../shared/conformance/", import.meta.url);
const isHere = existsSync(fileURLToPath(folder));
if (!isHere) console.warn("metainfo conformance tests are skipped: ../shared/conformance is not here");
const describeHere = describe.skipIf(!isHere);

const digest = (algorithm: string) => (bytes: Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());
const sha256 = digest("sha256");
const sha1 = digest("sha1");

const read = (path: string) => new Uint8Array(readFileSync(new URL(path, folder)));

/** Rows of a CSV file by column name; fields may be quoted. */
function readTable(path: string): Record<string, string>[] {
  if (!isHere) return [];
  const rows: string[][] = [[]];
  let field = "";
  let isQuoted = false;
  for (const [at, character] of [...new TextDecoder().decode(read(path)).replaceAll("\r", "")].entries()) {
    const row = rows.at(-1) ?? [];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted || (character !== "," && character !== "\n")) field += character;
    else {
      row.push(field);
      field = "";
      if (character === "\n" && at > 0) rows.push([]);
    }
  }
  const [header = [], ...lines] = rows.filter((row) => row.length > 0);
  return lines.map((line) => Object.fromEntries(header.map((name, column) => [name, line[column] ?? ""])));
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("expected a value");
  return value;
}

describeHere("Bencode vectors", () => {
  for (const row of readTable("bencode_vectors.csv")) {
    const { input_escaped: escaped = "", strict_BEP3_verdict: verdict = "" } = row;
    const text = escaped.replaceAll("\\x00", "\0").replaceAll("\\n", "\n");
    // The BEP sets no bound on integers; ours is 20 digits. Depth 101 and bytes behind the value are refused.
    const isOk = verdict.startsWith("ok") && !verdict.includes("cap it");
    test(`[BEP 3] ${isOk ? "reads" : "refuses"} ${JSON.stringify(escaped)}`, () => {
      const decoded = decode(fromByteString(text));
      expect(decoded.ok && decoded.value.isCanonical).toBe(isOk);
    });
  }
});

interface Answer {
  base: number;
  index: number;
  length: number;
  proof_layers: number;
  verifies_to_root: boolean;
  hashes: string[];
}

describeHere("Known answers", () => {
  const known = isHere ? JSON.parse(new TextDecoder().decode(read("known_answers.json"))) : {};

  test("[BEP 52] padding of every layer", () => {
    for (const [layer, hash] of known.pad_hash_by_layer.entries()) {
      expect(toHex(padHash(layer, sha256))).toBe(hash);
    }
  });

  test("[BEP 52] roots of files of zeros", () => {
    const rootOf = (length: number) => {
      const leaves = leavesOf(new Uint8Array(length));
      const width = leafWidth(length, 2 ** 24);
      return toHex(piecesRoot(pieceLayer(leaves, width, sha256), width, sha256));
    };
    expect(rootOf(65536)).toBe(known.zeros.root_64KiB);
    expect(rootOf(2 ** 20)).toBe(known.zeros.root_1MiB);
    expect(rootOf(16385)).toBe(known.zeros.root_16385_zero_bytes);
    expect(rootOf(3 * 16384)).toBe(known.zeros.root_3_zero_blocks);
  });

  for (const request of (known["alice.txt"]?.hash_requests ?? []) as Answer[]) {
    const { base, index, length, proof_layers, verifies_to_root, hashes } = request;
    test(`[BEP 52] hash request base ${base} index ${index} length ${length} proof ${proof_layers}`, () => {
      const alice = known["alice.txt"];
      const leaves = concatBytes(alice.leaf_hashes.map((hash: string) => must(fromHex(hash))));
      const root = must(fromHex(alice.pieces_root));
      // A piece of 2^base blocks has its root in layer `base`: so each layer is the piece layer of some torrent.
      const pieceLength = BLOCK_BYTES * 2 ** base;
      const full = new HashTree(alice.length, pieceLength, root, sha256);
      expect(full.setPieceLayer(pieceLayer(leaves, full.leafWidth, sha256))).toBe(true);
      const range = { piecesRoot: root, baseLayer: base, index, length, proofLayers: proof_layers };
      const answer = concatBytes(hashes.map((hash) => must(fromHex(hash))));
      expect(full.answer(range)).toEqual(answer);
      const empty = new HashTree(alice.length, pieceLength, root, sha256);
      expect(empty.add(range, answer)).toBe(verifies_to_root ? "accepted" : "malformed");
      expect(empty.pieceHash(index)).toEqual(verifies_to_root ? answer.slice(0, 32) : undefined);
    });
  }

  for (const [query, files] of (known.magnet_so ?? []) as [string, number[]][]) {
    test(`[BEP 53] ${query} selects ${JSON.stringify(files)}`, () => {
      const magnet = parseMagnet(`magnet:?xt=urn:btih:${"cd".repeat(20)}&${query}`);
      expect(magnet.ok && (magnet.value.select ?? [])).toEqual(files);
    });
  }

  test("[BEP 52] multihashes in magnets", () => {
    const magnet = parseMagnet(`magnet:?xt=urn:btmh:${known.magnet_btmh.ok}`);
    expect(magnet.ok && formatMagnet(magnet.value)).toBe(`magnet:?xt=urn:btmh:${known.magnet_btmh.ok}`);
    for (const bad of [`1220${"cd".repeat(31)}`, `1221${"cd".repeat(32)}`, `1220zz${"cd".repeat(31)}`]) {
      expect(parseMagnet(`magnet:?xt=urn:btmh:${bad}`)).toEqual({ ok: false, reason: "topic-malformed" });
    }
  });
});

function leavesOf(bytes: Uint8Array): Uint8Array {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
    leaves.push(sha256(bytes.subarray(at, at + BLOCK_BYTES)));
  return concatBytes(leaves);
}

/** The data set's own rule for the bytes of generated files. */
function generated(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * i + Math.floor(i / 251)) & 255);
}

type Content = readonly { readonly path: readonly string[]; readonly bytes: Uint8Array }[];

function contentOf(path: string): Content {
  const one = (name: string, bytes: Uint8Array) => ({ path: name.split("/"), bytes });
  if (path === "gen/p513.bin") return [one("p513.bin", new Uint8Array(513 * 16384))];
  if (path === "gen/dup") return ["one.bin", "two.bin"].map((name) => one(name, generated(70_000)));
  if (path === "gen/mixed") {
    return Object.entries({
      "a-empty.bin": 0,
      "b-1byte.bin": 1,
      "c-16384.bin": 16384,
      "d-16385.bin": 16385,
      "sub/e-65536.bin": 65536,
      "sub/f-100000.bin": 100_000,
      "z-last-40000.bin": 40_000,
    }).map(([name, length]) => one(name, generated(length)));
  }
  const url = new URL(path, folder);
  if (statSync(url).isFile()) return [one(path.split("/").at(-1) ?? "", read(path))];
  // Reversed, because the order that a folder is read in must not matter.
  return readdirSync(url, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(fileURLToPath(url).length + 1))
    .reverse()
    .map((name) => one(name, read(`${path}/${name}`)));
}

function v1PiecesOf(bytes: Uint8Array, pieceLength: number, isPadded: boolean): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) {
    const piece = bytes.subarray(at, at + pieceLength);
    const padding = isPadded ? pieceLength - piece.length : 0;
    pieces.push(sha1(concatBytes([piece, new Uint8Array(padding)])));
  }
  return concatBytes(pieces);
}

describeHere("Torrents of the creator that BEP 52 links", () => {
  for (const row of readTable("bep52-reference.csv")) {
    const { torrent = "", content = "", mode, piece_length, v1_infohash, v2_infohash } = row;
    const pieceLength = Number(piece_length);
    test(`[BEP 52] ${torrent} is made again byte for byte`, () => {
      const name = content.split("/").at(-1) ?? "";
      const found = contentOf(content);
      const isSingle = found.length === 1 && found[0]?.path[0] === name;
      const files = found.map(({ path, bytes }): HashedFile => {
        const file = { path, length: bytes.length, leaves: leavesOf(bytes) };
        return mode === "v2" ? file : { ...file, v1Pieces: v1PiecesOf(bytes, pieceLength, !isSingle) };
      });
      const created = createTorrent({ name, pieceLength, files }, sha256);
      if (!created.ok) throw new Error(created.reason);
      expect(created.value.infoHash).toBe(v2_infohash);
      const tiers = [["http://example.com/announce"]];
      const encoded = encodeTorrent({ ...created.value, tiers, webSeeds: [] });
      expect(toHex(encoded)).toBe(toHex(read(torrent)));
      const parsed = parseTorrent(encoded, { sha256, sha1 });
      expect(parsed.ok && (parsed.value.infoHashV1 ?? "")).toBe(v1_infohash);
    });
  }
});

/** Rows on which we deliberately differ from the verdict of the project that the file is from, and why. */
const differences: Record<string, string> = {};

describeHere("Torrents of other projects", () => {
  for (const row of readTable("manifest.csv")) {
    const { file = "", verdict, calc_kind = "", calc_sha1_info, calc_sha256_info } = row;
    const { calc_piece_length, calc_v1_pieces, calc_v2_total, calc_piece_layers = "", calc_private } = row;
    const difference = differences[file];
    const mustParse = verdict === "unstated" ? calc_piece_layers.includes("bad 0") : verdict === "must_parse";
    const parses = difference === undefined ? mustParse : !mustParse;
    test(`${file} is ${parses ? "read" : "refused"}${difference ? `: ${difference}` : ""}`, () => {
      const bytes = read(file);
      const parsed = parseTorrent(bytes, { sha256, sha1 });
      expect(parsed.ok ? "ok" : parsed.reason).toEqual(parses ? "ok" : expect.not.stringMatching(/^ok$/));
      if (!parsed.ok) return;
      const { info, infoHash, infoHashV1, layers } = parsed.value;
      expect(info.version).toBe(calc_kind);
      expect(info.pieceLength).toBe(Number(calc_piece_length));
      if (calc_kind !== "v2") expect(infoHashV1).toBe(calc_sha1_info);
      if (calc_kind !== "v1") expect(infoHash).toBe(calc_sha256_info);
      if (calc_kind !== "v1") expect(totalOf(info.files)).toBe(Number(calc_v2_total));
      if (calc_kind !== "v2") expect(info.v1?.pieces.length).toBe(20 * Number(calc_v1_pieces));
      const [, verified] = /ok (\d+)/.exec(calc_piece_layers) ?? [];
      if (verified !== undefined) expect(layers.filter(Boolean)).toHaveLength(Number(verified));
      expect(info.isPrivate).toBe(calc_private === "1");
    });
  }

  test("names are safe where other projects' path cases have them", () => {
    const pathsOf = (file: string) => {
      const parsed = parseTorrent(read(`libtorrent/${file}.torrent`), { sha256, sha1 });
      return parsed.ok ? parsed.value.info.files.map(({ path }) => path.join("/")) : parsed.reason;
    };
    expect(pathsOf("absolute_filename")).toEqual(["abcde", "foobar"]);
    expect(pathsOf("invalid_directory_name")).toEqual(["_/foo", "_/foo.1"]);
    expect(pathsOf("slash_path2")).toEqual(["abc....def/_/bar"]);
    expect(pathsOf("slash_path3")).toEqual(["temp....abc"]);
    expect(pathsOf("parent_path")).toEqual(["_/_/bar"]);
    expect(pathsOf("empty_path_multi")).toEqual(["abcde", "_", "_.1"]);
    expect(pathsOf("symlink1")).toEqual(["a/b/bar"]);
    expect(pathsOf("pad_file_no_path")).toEqual(["foo/bar.txt"]);
  });
});

function totalOf(files: readonly { length: number }[]): number {
  return files.reduce((sum, { length }) => sum + length, 0);
}

/** What was decoded, as the encoder takes it. */
function toBencodable(value: Bencode): Bencodable {
  switch (value.type) {
    case "list":
      return value.items.map(toBencodable);
    case "dictionary":
      return new Map([...value.entries].map(([key, entry]) => [key, toBencodable(entry)]));
    default:
      return value.value;
  }
}

describeHere("The data set", () => {
  test("[BEP 3] every canonical file is encoded again to the same bytes", () => {
    let canonical = 0;
    for (const { file = "" } of readTable("manifest.csv")) {
      const bytes = read(file);
      const decoded = decode(bytes);
      if (!decoded.ok || !decoded.value.isCanonical) continue;
      canonical++;
      expect(equalBytes(encode(toBencodable(decoded.value.value)), bytes), file).toBe(true);
    }
    expect(canonical).toBeGreaterThan(80);
  });
});
