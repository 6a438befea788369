import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { InputError, runTorrentCommand } from "./torrent.ts";

const folder = mkdtempSync(join(tmpdir(), "torrent-command-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, bytes: Uint8Array | string): string {
  const location = join(folder, path);
  mkdirSync(join(location, ".."), { recursive: true });
  writeFileSync(location, bytes);
  return location;
}

function problemOf(...args: string[]): string {
  try {
    runTorrentCommand(args);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "none";
}

describe("torrent create and info", () => {
  // The infohash of the creator that BEP 52 links, for 513 × 16 KiB of zeros.
  const p513 = write("p513.bin", new Uint8Array(513 * 16384));

  test("[BEP 52] a v2 torrent has the infohash that the reference creator gives it", () => {
    const out = join(folder, "p513.torrent");
    const created = runTorrentCommand(["create", "--v2", "--piece-length", "16384", "--out", out, p513]);
    expect(created).toMatchObject({
      out,
      version: "v2",
      infohashV1: undefined,
      infohashV2: "3c9e4f985a358fc86030b2dacd9759bf4862e26c6a32e3529240096df9fef80d",
      pieceCount: 513,
      pieceLength: 16384,
      pieceLayersMissing: 0,
    });
    expect(created).toEqual({ out, ...Object(runTorrentCommand(["info", out])) });
  });

  test("[BEP 52] a folder becomes a hybrid, whichever order the disk lists it in", () => {
    for (const digits of ["1", "22", "333"]) write(`numbers/${digits.length}.txt`, digits);
    const out = join(folder, "numbers.torrent");
    const args = ["create", "--hybrid", "--piece-length", "16384", "--out", out, join(folder, "numbers")];
    expect(runTorrentCommand(args)).toMatchObject({
      version: "hybrid",
      name: "numbers",
      infohashV1: "50a51193e18af909f9ef77f2140acf2fb46c938a",
      infohashV2: "8aac19b27e6a315ac3184c847cdda58a4e66ed1c33d299cb80c9f682e4f805be",
      files: [
        { path: "1.txt", length: 1 },
        { path: "2.txt", length: 2 },
        { path: "3.txt", length: 3 },
      ],
    });
  });

  test("says in one line what is wrong", () => {
    const broken = write("broken.torrent", "d4:infod4:name1:aee");
    expect(problemOf("info", broken)).toBe(
      `${broken}: invalid torrent: its piece length is missing or not allowed`,
    );
    expect(problemOf("info", join(folder, "absent"))).toContain("no such file");
    expect(problemOf("create", "--piece-length", "20000", p513)).toContain("--piece-length 20000");
    expect(problemOf("create", write("empty.bin", ""))).toContain("all of its files are empty");
    expect(problemOf("create", "--colour", p513)).toContain("--colour");
    expect(problemOf("create", "--v2", "--hybrid", p513)).toContain("usage");
    expect(problemOf("dance")).toContain("usage");
  });
});

describe("torrent magnet", () => {
  const v1 = "cd".repeat(20);
  const v2 = "ab".repeat(32);

  test("reads magnets of both versions, on their own or behind a page's address", () => {
    const uri = `magnet:?xt=urn:btih:${v1}&xt=urn:btmh:1220${v2}&dn=a+b&tr=wss%3A%2F%2Ft.example&so=1,3-4`;
    const read = {
      kind: "public",
      infohashV1: v1,
      infohashV2: v2,
      name: "a b",
      trackers: ["wss://t.example"],
      select: [1, 3, 4],
    };
    expect(runTorrentCommand(["magnet", uri])).toEqual(read);
    expect(runTorrentCommand(["magnet", `https://shoal.example/#${uri}`])).toEqual(read);
    expect(runTorrentCommand(["magnet", `magnet:?xt=urn:btih:${v1}`])).toMatchObject({ infohashV1: v1 });
  });

  test("reads a private link", () => {
    const link = `https://shoal.example/#${Buffer.from(v2, "hex").toString("base64url")}.p`;
    expect(runTorrentCommand(["magnet", link])).toEqual({ kind: "private", infohashV2: v2, password: true });
  });

  test("says what is wrong with a link", () => {
    expect(problemOf("magnet", "magnet:?dn=x")).toContain("no BitTorrent infohash");
    expect(problemOf("magnet", "magnet:?xt=urn:btmh:1220ab")).toContain("malformed");
    expect(problemOf("magnet", "https://shoal.example/#abc")).toContain("cut off");
    expect(problemOf("magnet", "hello")).toContain("not a share link");
  });
});

const reference = fileURLToPath(new URL("../../shared/conformance/", import.meta.url));
const isHere = existsSync(reference);
if (!isHere) console.warn("torrent create conformance tests are skipped: ../shared/conformance is not here");

describe.skipIf(!isHere)("torrent create on the content of the reference creator", () => {
  /** The data set's own rule for the bytes of generated files. */
  const generated = (length: number) =>
    Uint8Array.from({ length }, (_, i) => (i * i + Math.floor(i / 251)) & 255);
  const generate: Record<string, () => void> = {
    "gen/p513.bin": () => write("gen/p513.bin", new Uint8Array(513 * 16384)),
    "gen/dup": () => {
      for (const name of ["one.bin", "two.bin"]) write(`gen/dup/${name}`, generated(70_000));
    },
    "gen/mixed": () => {
      const lengths = { "a-empty.bin": 0, "b-1byte.bin": 1, "c-16384.bin": 16384, "d-16385.bin": 16385 };
      const below = { "sub/e-65536.bin": 65536, "sub/f-100000.bin": 100_000, "z-last-40000.bin": 40_000 };
      for (const [name, length] of Object.entries({ ...lengths, ...below })) {
        write(`gen/mixed/${name}`, generated(length));
      }
    },
  };
  const rows = isHere
    ? readFileSync(join(reference, "bep52-reference.csv"), "utf8").trim().split(/\r?\n/).slice(1)
    : [];

  test.each(rows.map((row) => row.split(",")))("[BEP 52] %s from %s", (torrent, content, ...rest) => {
    const [pieceLength = "", mode = "", infohashV1 = "", infohashV2 = ""] = rest;
    generate[content ?? ""]?.();
    const path =
      generate[content ?? ""] === undefined ? join(reference, content ?? "") : join(folder, content ?? "");
    const out = join(folder, `${mode}-${pieceLength}.torrent`);
    const created = runTorrentCommand([
      "create",
      `--${mode}`,
      "--piece-length",
      pieceLength,
      "--out",
      out,
      path,
    ]);
    expect(created).toMatchObject({ infohashV1: infohashV1 || undefined, infohashV2 });
    const { out: _, trackers, tiers, ...made } = Object(created);
    expect(runTorrentCommand(["info", join(reference, torrent ?? "")])).toMatchObject(made);
    expect([trackers, tiers]).toEqual([[], []]);
  });
});
