import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Bencodable, encode } from "./bencode.ts";
import { type Info, parseInfo } from "./info.ts";
import { fromByteString } from "./text.ts";

const KIB = 1024;
const root = new Uint8Array(32).fill(7);
const file = (length: number): Bencodable => ({
  "": length > 0 ? { length, "pieces root": root } : { length },
});
const v2 = {
  name: "n",
  "meta version": 2,
  "piece length": 16 * KIB,
  "file tree": { a: file(40 * KIB), b: file(0), d: { c: file(1) } },
};
const sha1s = (count: number) => new Uint8Array(20 * count);
const pad = (length: number) => ({ attr: "p", length, path: [".pad", `${length}`] });
const v1 = {
  files: [
    { length: 40 * KIB, path: ["a"] },
    pad(8 * KIB),
    { length: 0, path: ["b"] },
    { length: 1, path: ["d", "c"] },
  ],
  pieces: sha1s(4),
};

type Fields = { readonly [key: string]: Bencodable | undefined };

function parsed(fields: Fields): Info {
  const info = parseInfo(encode(fields));
  if (!info.ok) throw new Error(info.reason);
  return info.value;
}

function reasonOf(fields: Fields): string {
  const info = parseInfo(encode(fields));
  return info.ok ? "none" : info.reason;
}

describe("A v2 info dictionary", () => {
  test("[BEP 52] has its files in the order of the tree, and roots for those with bytes", () => {
    const info = parsed(v2);
    expect(info).toMatchObject({ version: "v2", name: "n", pieceLength: 16 * KIB, isSingleFile: false });
    expect(info.files).toEqual([
      { path: ["a"], length: 40 * KIB, piecesRoot: root },
      { path: ["b"], length: 0 },
      { path: ["d", "c"], length: 1, piecesRoot: root },
    ]);
  });

  test("is a single file when that is all and it has the torrent's name", () => {
    expect(parsed({ ...v2, "file tree": { n: file(1) } }).isSingleFile).toBe(true);
    expect(parsed({ ...v2, "file tree": { m: file(1) } }).isSingleFile).toBe(false);
    expect(parsed({ ...v2, "file tree": { n: { n: file(1) } } }).isSingleFile).toBe(false);
  });

  test("[BEP 27] is private when it says 1", () => {
    expect(parsed({ ...v2, private: 1 }).isPrivate).toBe(true);
    expect(parsed({ ...v2, private: 0 }).isPrivate).toBe(false);
    expect(parsed(v2).isPrivate).toBe(false);
  });

  test("[BEP 47] leaves symbolic links out", () => {
    const link = { "": { attr: "l", length: 0, "symlink path": ["a"] } };
    expect(parsed({ ...v2, "file tree": { a: file(1), z: link } }).files).toHaveLength(1);
  });

  test.each<[string, Fields]>([
    ["meta-version-unknown", { "meta version": 3 }],
    ["name-missing", { name: 5 }],
    ["piece-length-invalid", { "piece length": 8 * KIB }],
    ["piece-length-invalid", { "piece length": 48 * KIB }],
    ["piece-length-invalid", { "piece length": 2 ** 40 }],
    ["piece-length-invalid", { "piece length": undefined }],
    ["file-tree-malformed", { "file tree": [] }],
    ["file-tree-malformed", { "file tree": { a: 1 } }],
    ["file-tree-malformed", { "file tree": file(1) }],
    ["file-tree-malformed", { "file tree": { a: { "": { length: 0 }, b: file(1) } } }],
    ["file-tree-malformed", { "file tree": { a: { "": 3 } } }],
    ["no-files", { "file tree": {} }],
    ["no-bytes", { "file tree": { a: file(0) } }],
    ["length-invalid", { "file tree": { a: { "": {} } } }],
    ["length-invalid", { "file tree": { a: { "": { length: -1 } } } }],
    ["length-invalid", { "file tree": { a: { "": { length: 2n ** 60n, "pieces root": root } } } }],
    ["pieces-root-invalid", { "file tree": { a: { "": { length: 1 } } } }],
    ["pieces-root-invalid", { "file tree": { a: { "": { length: 1, "pieces root": new Uint8Array(32) } } } }],
    ["pieces-root-invalid", { "file tree": { a: { "": { length: 1, "pieces root": root.slice(1) } } } }],
    ["pad-file-in-tree", { "file tree": { a: { "": { attr: "p", length: 1, "pieces root": root } } } }],
    ["too-many-pieces", { "file tree": { a: file(2 ** 21 * 16 * KIB + 1) } }],
  ])("[BEP 52] is refused as %s", (reason, change) => {
    expect(reasonOf({ ...v2, ...change })).toBe(reason);
  });

  test("[BEP 52] is refused when its keys are out of order, for its hash would not be everybody's", () => {
    const text = "d4:name1:n12:meta versioni2ee";
    expect(parseInfo(fromByteString(text))).toEqual({ ok: false, reason: "not-canonical" });
  });
});

describe("A hybrid info dictionary", () => {
  test("[BEP 52] has both views, with or without padding after the last file", () => {
    expect(parsed({ ...v2, ...v1 })).toMatchObject({ version: "hybrid", v1: { streamLength: 48 * KIB + 1 } });
    const tail = { ...v1, files: [...v1.files, pad(16 * KIB - 1)] };
    expect(parsed({ ...v2, ...tail })).toMatchObject({ version: "hybrid", v1: { streamLength: 64 * KIB } });
  });

  test("may be a single file, which needs no padding", () => {
    const tree = { "file tree": { n: file(17 * KIB) } };
    expect(parsed({ ...v2, ...tree, length: 17 * KIB, pieces: sha1s(2) })).toMatchObject({
      version: "hybrid",
      isSingleFile: true,
    });
  });

  const [a = pad(0), padding = pad(0), b = pad(0), c = pad(0)] = v1.files;
  test.each<[string, string, Fields]>([
    ["a file is missing", "views-disagree", { files: [a, padding, b], pieces: sha1s(3) }],
    ["a file is not padded", "views-disagree", { files: [a, b, c], pieces: sha1s(3) }],
    ["padding is a piece too long", "views-disagree", { files: [a, pad(24 * KIB), c], pieces: sha1s(5) }],
    ["a name differs", "views-disagree", { files: [a, padding, b, { length: 1, path: ["d", "x"] }] }],
    ["a length differs", "views-disagree", { files: [a, padding, b, { length: 2, path: ["d", "c"] }] }],
    [
      "padding follows that fills a piece",
      "views-disagree",
      { files: [...v1.files, pad(16 * KIB)], pieces: sha1s(5) },
    ],
    ["a piece hash is missing", "pieces-invalid", { pieces: sha1s(3) }],
    ["a piece hash is cut", "pieces-invalid", { pieces: new Uint8Array(79) }],
  ])("[BEP 52] is refused when %s", (_, reason, change) => {
    expect(reasonOf({ ...v2, ...v1, ...change })).toBe(reason);
  });
});

describe("A v1 info dictionary", () => {
  const plain = { name: "n", "piece length": 10, length: 25, pieces: sha1s(3) };

  test("[BEP 3] is read", () => {
    expect(parsed(plain)).toMatchObject({
      version: "v1",
      isSingleFile: true,
      files: [{ path: ["n"], length: 25 }],
    });
  });

  test("[BEP 3] may have its keys out of order, as old torrents do", () => {
    const text = `d6:lengthi5e4:name1:n6:pieces20:${"x".repeat(20)}12:piece lengthi16384ee`;
    expect(parseInfo(fromByteString(text)).ok).toBe(true);
  });

  test("[BEP 47] does not count padding and links among its files", () => {
    const files = [
      { length: 5, path: ["a"] },
      { attr: "p", length: 5 },
      { attr: "p", length: 5, path: [".pad", "5"] },
      { attr: "l", length: 99, path: ["l"], "symlink path": ["a"] },
      { length: 5, path: ["b"] },
    ];
    const info = parsed({ ...plain, files, pieces: sha1s(2) });
    expect(info.files.map(({ path }) => path)).toEqual([["a"], ["b"]]);
    expect(info.v1?.streamLength).toBe(20);
  });

  test.each<[string, Fields]>([
    ["length-invalid", { length: undefined }],
    ["length-invalid", { length: -1 }],
    ["no-files", { files: [] }],
    ["no-files", { files: [{ attr: "p", length: 25, path: ["x"] }] }],
    ["path-malformed", { files: [{ length: 25, path: [] }] }],
    ["path-malformed", { files: [{ length: 25, path: ["a", 3] }] }],
    ["path-malformed", { files: [{ length: 25, path: "a" }] }],
    ["path-malformed", { files: [{ attr: "l", path: ["a"], "symlink path": [3] }] }],
    ["path-malformed", { files: [3] }],
    ["no-bytes", { length: 0, pieces: sha1s(0) }],
    ["too-many-pieces", { "piece length": 1, length: 2 ** 22 }],
    ["duplicate-path", { files: [10, 15].map((length) => ({ length, path: ["a"] })) }],
  ])("[BEP 3] is refused as %s", (reason, change) => {
    expect(reasonOf({ ...plain, ...change })).toBe(reason);
  });
});

test("any dictionary of the right keys gives an info dictionary or a reason", () => {
  const leaf = fc.oneof(
    fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
    fc.constantFrom(0, 1, 2, 16 * KIB, 32 * KIB),
    fc.constantFrom(root, sha1s(1)),
    fc.string({ maxLength: 5 }),
  );
  const { value } = fc.letrec<{ value: Bencodable }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("", "a", "length", "pieces root", "attr", "path"), tie("value")),
    ),
  }));
  const keys = ["name", "piece length", "meta version", "file tree", "files", "length", "pieces", "private"];
  const fields = fc.dictionary(fc.constantFrom(...keys), value);
  fc.assert(
    fc.property(fields, (change) => void parseInfo(encode({ ...v2, ...change }))),
    { numRuns: 100 },
  );
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void parseInfo(bytes)));
});
