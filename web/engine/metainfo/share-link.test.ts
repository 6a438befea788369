import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InfoHash, type InfoHashV1, infoHash } from "../units.ts";
import { formatPrivateLink, formatPublicLink, parseShareText, type ShareLink } from "./share-link.ts";

const hex = "00ff10".padEnd(64, "ab3");
const hash = infoHash(hex) as InfoHash;
const key = Buffer.from(hex, "hex").toString("base64url");
const page = "https://shoal.example";

function parsed(text: string): ShareLink {
  const link = parseShareText(text);
  if (!link.ok) throw new Error(link.reason);
  return link.value;
}

function reasonOf(text: string): string {
  const link = parseShareText(text);
  return link.ok ? "none" : link.reason;
}

describe("A private link", () => {
  const expected = { kind: "private", infoHash: hash, password: false, trackers: [] };

  test("is the page with 43 characters behind it", () => {
    expect(formatPrivateLink(page, hash)).toBe(`${page}/#${key}`);
    expect(formatPrivateLink(`${page}/app/`, hash)).toBe(`${page}/app/#${key}`);
    expect(formatPrivateLink(page, hash, true)).toBe(`${page}/#${key}.p`);
    expect(key).toHaveLength(43);
  });

  test.each([
    ["of any host", `http://other.example:8787/path/?q=1#${key}`],
    ["without its scheme", `shoal.example/#${key}`],
    ["as its fragment", `#${key}`],
    ["as its key", key],
    ["as a bare infohash", hex],
    ["as an infohash in capitals", hex.toUpperCase()],
    ["with an infohash behind the page", `${page}/#${hex}`],
    ["with spaces around it", `\n  ${page}/#${key} \t`],
    ["in brackets", `<${page}/#${key}>`],
    ["at the end of a sentence", `(${page}/#${key}).`],
  ])("is read %s", (_, text) => {
    expect(parsed(text)).toEqual(expected);
  });

  test("says that a password is needed", () => {
    expect(parsed(`${page}/#${key}.p`)).toEqual({ ...expected, password: true });
    expect(parsed(`see ${page}`.slice(4).concat(`/#${key}.p.`)).password).toBe(true);
    expect(parsed(`${key}.p`).password).toBe(true);
  });

  test.each([
    ["", "empty"],
    [" \n ", "empty"],
    ["hello", "not-a-link"],
    ["https://example.com/", "not-a-link"],
    ["look: a #hashtag", "not-a-link"],
    ["what? yes!", "not-a-link"],
    [`${page}/#`, "cut-off"],
    [`${page}/#${key.slice(0, 42)}`, "cut-off"],
    [`${page}/#${key.slice(0, 5)}`, "cut-off"],
    [key.slice(0, 40).replace(/^./, "z"), "cut-off"],
    [`${page}/#${key}x`, "damaged"],
    [`${page}/#${key.slice(0, 20)}%20${key.slice(20)}`, "damaged"],
    [`${page}/#${key.slice(0, 42)}_`, "damaged"],
    [`${page}/#${"x".repeat(70_000)}`, "damaged"],
  ])("%.70j is no link: %s", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test("never opens a neighbour: the two spare bits of the last character must be zero", () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const readable = [...alphabet].filter((last) => reasonOf(key.slice(0, 42) + last) === "none");
    expect(readable).toHaveLength(16);
  });

  test("is read back as it was written, for every infohash", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.boolean(), (bytes, password) => {
        const any = Buffer.from(bytes).toString("hex") as InfoHash;
        const link = parsed(formatPrivateLink(page, any, password));
        expect(link).toEqual({ kind: "private", infoHash: any, password, trackers: [] });
      }),
    );
  });
});

describe("A public link", () => {
  const magnet = {
    infoHash: hash,
    infoHashV1: "cd".repeat(20) as InfoHashV1,
    name: "a b",
    trackers: ["wss://t.example/announce"],
  };
  const expected = { kind: "public", password: false, ...magnet };

  test("is the page with a magnet behind it, and read back as it was written", () => {
    const link = formatPublicLink(page, magnet);
    expect(link.startsWith(`${page}/#magnet:?xt=urn:btmh:1220${hex}&`)).toBe(true);
    expect(parsed(link)).toEqual(expected);
  });

  test("is read as a bare magnet, as a fragment, and when a program escaped it", () => {
    const [, fragment = ""] = formatPublicLink(page, magnet).split("#");
    expect(parsed(fragment)).toEqual(expected);
    expect(parsed(`#${fragment}`)).toEqual(expected);
    expect(parsed(`${page}/#${encodeURIComponent(fragment)}`)).toEqual(expected);
  });

  test.each([
    `magnet:?xt=urn:btih:${"ab".repeat(20)}`,
    "ab".repeat(20),
    "AB".repeat(20),
    `${page}/#${"ab".repeat(20)}`,
  ])("names a v1 torrent alone: %s", (text) => {
    const v1 = { kind: "public", infoHashV1: "ab".repeat(20), password: false, trackers: [] };
    expect(parsed(text)).toEqual(v1);
  });

  test("keeps a name with a hash sign apart from the fragment", () => {
    expect(parsed(`magnet:?xt=urn:btmh:1220${hex}&dn=a#b`).name).toBe("a#b");
  });

  test.each([
    ["magnet:?xt=urn:ed2k:31D6CFE0D16AE931B73C59D7E0C089C0", "unsupported"],
    [`magnet:?xt=urn:btmh:1220${hex.slice(3)}`, "damaged"],
  ])("%.60s is no link that we open: %s", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });
});

test("any text gives a link or a reason", () => {
  const parts = fc.constantFrom(
    "https://",
    "x.example",
    "/",
    "#",
    key,
    ".p",
    "magnet:?",
    "xt=urn:btmh:1220",
    hex,
    " ",
    "é",
  );
  fc.assert(fc.property(fc.array(parts), (all) => void parseShareText(all.join(""))));
  fc.assert(fc.property(fc.string(), (text) => void parseShareText(text)));
});
