import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes.ts";
import { toHex } from "../units.ts";
import { type Bencodable, Encoded, encode } from "./bencode.ts";
import { createTorrent } from "./create.ts";
import { byteString, fromByteString } from "./text.ts";
import { type Digests, encodeTorrent, parseTorrent } from "./torrent.ts";

const digest = (algorithm: string) => (bytes: Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());
const digests: Digests = { sha256: digest("sha256"), sha1: digest("sha1") };

const PIECE = 16384;
const hashes = (count: number) => new Uint8Array(32 * count).fill(5);
const made = createTorrent(
  {
    name: "n",
    pieceLength: PIECE,
    files: [
      { path: ["a"], length: 3 * PIECE, leaves: hashes(3) },
      { path: ["copy of a"], length: 3 * PIECE, leaves: hashes(3) },
      { path: ["small"], length: 7, leaves: hashes(1) },
    ],
  },
  digests.sha256,
);
if (!made.ok) throw new Error(made.reason);
const { info, infoBytes, infoHash, layers } = made.value;
const rootOfA = byteString(info.files[0]?.piecesRoot ?? new Uint8Array());
const torrent = encodeTorrent({
  info,
  layers,
  tiers: [["wss://one.example"], ["wss://two.example"]],
  webSeeds: ["https://mirror.example/"],
});

type Fields = { readonly [key: string]: Bencodable | undefined };

function parsed(bytes: Uint8Array) {
  const result = parseTorrent(bytes, digests);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

function reasonOf(fields: Fields): string {
  const result = parseTorrent(encode({ info: new Encoded(infoBytes), ...fields }), digests);
  return result.ok ? "none" : result.reason;
}

function tiersOf(fields: Fields): readonly (readonly string[])[] {
  return parsed(encode({ info: new Encoded(infoBytes), ...fields })).tiers;
}

describe("A .torrent file", () => {
  test("is read back as it was written", () => {
    expect(parsed(torrent)).toEqual({
      info,
      infoHash,
      layers,
      tiers: [["wss://one.example"], ["wss://two.example"]],
      webSeeds: ["https://mirror.example/"],
    });
  });

  test("[BEP 3] has the hash of its own info bytes, though they are in no order that we would write", () => {
    const infoText = `d6:lengthi5e4:name1:n6:pieces20:${"x".repeat(20)}12:piece lengthi16384ee`;
    const { infoHashV1, infoHash: v2 } = parsed(fromByteString(`d4:info${infoText}e`));
    expect(infoHashV1).toBe(toHex(digests.sha1(fromByteString(infoText))));
    expect(v2).toBeUndefined();
  });

  test("may end in a line end, and in nothing else", () => {
    expect(parsed(concatBytes([torrent, fromByteString("\r\n")])).infoHash).toBe(infoHash);
    const trailing = concatBytes([torrent, fromByteString("x")]);
    expect(parseTorrent(trailing, digests)).toEqual({ ok: false, reason: "trailing-bytes" });
  });

  test("[BEP 52] may lack piece layers: peers are asked for them", () => {
    expect(parsed(encode({ info: new Encoded(infoBytes) })).layers).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const bare = parsed(encodeTorrent({ info, layers: [], tiers: [], webSeeds: [] }));
    expect(bare.layers).toEqual([undefined, undefined, undefined]);
  });

  test("[BEP 52] is refused with a piece layer that is wrong or of no file", () => {
    const withLayer = (key: string, layer: Bencodable) =>
      reasonOf({ "piece layers": new Map([[key, layer]]) });
    expect(withLayer(rootOfA, hashes(3))).toBe("none");
    expect(withLayer(rootOfA, hashes(3).fill(1, 95))).toBe("piece-layer-invalid");
    const padded = concatBytes([hashes(3), new Uint8Array(32)]);
    expect(withLayer(rootOfA, padded)).toBe("piece-layer-invalid");
    expect(withLayer(rootOfA, hashes(3).slice(1))).toBe("piece-layer-invalid");
    expect(withLayer(rootOfA, 5)).toBe("piece-layer-invalid");
    expect(withLayer("x".repeat(32), hashes(3))).toBe("piece-layer-unknown");
    expect(reasonOf({ "piece layers": 5 })).toBe("piece-layer-invalid");
  });

  test("is refused without an info dictionary", () => {
    expect(reasonOf({ info: 5 })).toBe("info-missing");
    expect(parseTorrent(fromByteString("le"), digests)).toEqual({ ok: false, reason: "not-a-dictionary" });
  });

  test("[BEP 12] prefers the announce list, unless it is empty", () => {
    const announce = "wss://a";
    expect(tiersOf({ announce })).toEqual([["wss://a"]]);
    expect(tiersOf({ announce, "announce-list": [] })).toEqual([["wss://a"]]);
    const list = [["wss://b", " wss://c "], ["wss://b", ""], 5, [5], ["wss://d"]];
    expect(tiersOf({ announce, "announce-list": list })).toEqual([["wss://b", "wss://c"], ["wss://d"]]);
    expect(tiersOf({ announce: 5 })).toEqual([]);
  });

  test("[BEP 19] names web seeds as one text or as a list, and each once", () => {
    const webSeedsOf = (value: Bencodable) =>
      parsed(encode({ info: new Encoded(infoBytes), "url-list": value })).webSeeds;
    expect(webSeedsOf("https://one.example/")).toEqual(["https://one.example/"]);
    expect(
      webSeedsOf(["https://one.example/", 5, "", " https://two.example/ ", "https://one.example/"]),
    ).toEqual(["https://one.example/", "https://two.example/"]);
    expect(webSeedsOf("")).toEqual([]);
    expect(webSeedsOf(7)).toEqual([]);
  });

  test("any damage to it is survived", () => {
    fc.assert(
      fc.property(fc.nat(torrent.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = torrent.slice();
        damaged[at] = (damaged[at] ?? 0) ^ flip;
        void parseTorrent(damaged, digests);
        void parseTorrent(torrent.subarray(0, at), digests);
      }),
      { numRuns: 300 },
    );
  });
});
