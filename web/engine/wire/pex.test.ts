import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PEX_MAX_PEERS } from "../limits.ts";
import { byteString, fromByteString } from "../metainfo/text.ts";
import { InvariantError, type PeerId, peerId } from "../units.ts";
import { decodePex, encodePex, type PexMessage } from "./pex.ts";

function id(byte: string): PeerId {
  const peer = peerId(byte.repeat(20));
  if (peer === undefined) throw new Error(byte);
  return peer;
}

const decodeText = (text: string) => decodePex(fromByteString(text));
const a = "A".repeat(20);
const b = "B".repeat(20);

const message: PexMessage = {
  added: [
    { peer: id("41"), isSeed: false },
    { peer: id("42"), isSeed: true },
  ],
  dropped: [id("43")],
};

test("[BEP 11] peers are ids in a row, with a byte of flags for each", () => {
  expect(byteString(encodePex(message))).toBe(
    `d5:added40:${a}${b}7:added.f2:\x00\x027:dropped20:${"C".repeat(20)}e`,
  );
});

test("what is encoded is decoded, up to full lists", () => {
  const full: PexMessage = {
    added: Array.from({ length: PEX_MAX_PEERS }, () => ({ peer: id("ff"), isSeed: true })),
    dropped: Array.from({ length: PEX_MAX_PEERS }, () => id("00")),
  };
  for (const each of [message, full, { added: [], dropped: [] }]) {
    expect(decodePex(encodePex(each))).toEqual({ ok: true, value: each });
  }
});

test("we never name more peers than we accept", () => {
  const dropped = Array.from({ length: PEX_MAX_PEERS + 1 }, () => id("00"));
  expect(() => encodePex({ added: [], dropped })).toThrow(InvariantError);
});

describe("decodePex", () => {
  test("takes absent lists as empty, absent flags as none, unknown flags as nothing", () => {
    expect(decodeText("de")).toEqual({ ok: true, value: { added: [], dropped: [] } });
    expect(decodeText(`d5:added40:${a}${b}7:added.f1:\x1de`)).toEqual({
      ok: true,
      value: {
        added: [
          { peer: id("41"), isSeed: false },
          { peer: id("42"), isSeed: false },
        ],
        dropped: [],
      },
    });
  });

  test.each([
    ["half an id", "d5:added10:AAAAAAAAAAe"],
    ["more peers than the limit", `d5:added1020:${a.repeat(51)}e`],
    ["a huge payload", `d1:x9000:${"x".repeat(9000)}e`],
    ["no dictionary", "le"],
    ["bytes behind it", "dex"],
  ])("refuses %s", (_name, text) => {
    expect(decodeText(text)).toEqual({ ok: false, reason: "extension-malformed" });
  });

  test("any bytes never throw", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodePex(bytes)));
  });
});
