import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InfoHash, InfoHashV1 } from "../units.ts";
import { toBase64url } from "./base-encoding.ts";
import { formatMagnet, type Magnet, parseMagnet } from "./magnet.ts";

const v1 = "0123456789abcdef0123456789abcdef01234567" as InfoHashV1;
const v2 = "ab".repeat(32) as InfoHash;

function parsed(text: string): Magnet {
  const magnet = parseMagnet(text);
  if (!magnet.ok) throw new Error(magnet.reason);
  return magnet.value;
}

function reasonOf(text: string): string {
  const magnet = parseMagnet(text);
  return magnet.ok ? "none" : magnet.reason;
}

describe("A magnet", () => {
  test("[BEP 9] names a v1 torrent in hexadecimal or base32, in either case", () => {
    const base32 = "aerukz4jvpg66ajdivtytk6n54asgrlh";
    for (const hash of [v1, v1.toUpperCase(), base32, base32.toUpperCase()]) {
      expect(parsed(`magnet:?xt=urn:btih:${hash}`)).toEqual({ infoHashV1: v1, trackers: [] });
    }
  });

  test("[BEP 52] names a hybrid by both infohashes", () => {
    expect(parsed(`MAGNET:?xt=urn:btih:${v1}&xt=urn:btmh:1220${v2}`)).toMatchObject({
      infoHashV1: v1,
      infoHash: v2,
    });
    expect(parsed(`magnet:?xt.1=urn:btih:${v1}&xt.2=URN:BTMH:1220${v2.toUpperCase()}`)).toMatchObject({
      infoHashV1: v1,
      infoHash: v2,
    });
  });

  test("passes over topics and parameters that it does not know", () => {
    expect(
      parsed(`magnet:?xt=urn:btih:${v1}&ws=https%3A%2F%2Fa.example%2F&ws=https://b.example/&ws=`),
    ).toEqual({
      infoHashV1: v1,
      trackers: [],
      webSeeds: ["https://a.example/", "https://b.example/"],
    });
    expect(parsed(`magnet:?xt=urn:sha1:ABC&x.pe=1.2.3.4:5&junk&xt=urn:btih:${v1}`)).toEqual({
      infoHashV1: v1,
      trackers: [],
    });
  });

  test("reads names and trackers, each once, whatever their escapes", () => {
    const text = `magnet:?xt=urn:btih:${v1}&dn=a+b%20%C3%A9&dn=no&tr=wss%3A%2F%2Fx&tr.1=wss://x&tr=&tr=%zZ`;
    expect(parsed(text)).toMatchObject({ name: "a b é", trackers: ["wss://x", "%zZ"] });
  });

  test("[BEP 53] selects files; what is no range of file numbers counts for nothing", () => {
    const selected = (so: string) => parsed(`magnet:?xt=urn:btih:${v1}&so=${so}`).select;
    expect(selected("6-8,0,2,7")).toEqual([0, 2, 6, 7, 8]);
    expect(selected("7-4,-3,3-,x,,99999999999999999999")).toBeUndefined();
    expect(selected("0-99999")).toHaveLength(100_000);
  });

  test.each([
    ["http://x", "not-a-magnet"],
    ["magnet:?", "topic-missing"],
    ["magnet:?dn=x", "topic-missing"],
    [`magnet:?xt=urn:btih:${v1}0`, "topic-malformed"],
    [`magnet:?xt=urn:btih:${v1.slice(1)}g`, "topic-malformed"],
    ["magnet:?xt=urn:btih:11111111111111111111111111111111", "topic-malformed"],
    [`magnet:?xt=urn:btmh:1220${v2.slice(2)}`, "topic-malformed"],
    [`magnet:?xt=urn:btmh:1114${v1}`, "topic-malformed"],
    [`magnet:?xt=urn:btih:${v1}&dn=${"x".repeat(70_000)}`, "too-long"],
  ])("%.60s is refused as %s", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test("is read back as it was written", () => {
    const magnet = {
      infoHash: v2,
      infoHashV1: v1,
      name: "a&b=c #é+",
      trackers: ["wss://x/?a=b&c"],
      select: [1, 5],
    };
    expect(parsed(formatMagnet(magnet))).toEqual(magnet);
  });

  test("any text gives a magnet or a reason", () => {
    const parts = fc.constantFrom(
      "magnet:?",
      "xt=",
      "urn:btmh:1220",
      "urn:btih:",
      v1,
      v2,
      "&",
      "so=",
      "1-3",
      "%",
      ",",
    );
    fc.assert(fc.property(fc.array(parts), (all) => void parseMagnet(`magnet:?${all.join("")}`)));
    fc.assert(fc.property(fc.string(), (text) => void parseMagnet(`magnet:?${text}`)));
  });
});

test("[RFC 4648] base64url is what Node writes", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    }),
  );
});
