import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toHex } from "../units.ts";
import { decodeHandshake, encodeHandshake, HANDSHAKE_BYTES } from "./handshake.ts";
import type { Handshake } from "./message.ts";

const id = (byte: number) => new Uint8Array(20).fill(byte);

const plain: Handshake = {
  infoHash: id(0xaa),
  peerId: id(0xbb),
  extensions: false,
  fast: false,
  v2Upgrade: false,
};

describe("encodeHandshake", () => {
  const protocol = "13426974546f7272656e742070726f746f636f6c";
  test.each([
    ["[BEP 3] no bits", {}, "0000000000000000"],
    ["[BEP 10] reserved[5] & 0x10", { extensions: true }, "0000000000100000"],
    ["[BEP 6] reserved[7] & 0x04", { fast: true }, "0000000000000004"],
    ["[BEP 52] reserved[7] & 0x10", { v2Upgrade: true }, "0000000000000010"],
    ["all together", { extensions: true, fast: true, v2Upgrade: true }, "0000000000100014"],
  ])("%s", (_clause, bits, reserved) => {
    const bytes = encodeHandshake({ ...plain, ...bits });
    expect(toHex(bytes)).toBe(protocol + reserved + "aa".repeat(20) + "bb".repeat(20));
    expect(bytes.length).toBe(HANDSHAKE_BYTES);
  });
});

describe("decodeHandshake", () => {
  test("gives back what was encoded", () => {
    const handshake = { ...plain, fast: true, extensions: true };
    expect(decodeHandshake(encodeHandshake(handshake))).toEqual(handshake);
  });

  test("ignores reserved bits that it does not know", () => {
    const bytes = encodeHandshake(plain);
    bytes.fill(0xff, 20, 28);
    expect(decodeHandshake(bytes)).toEqual({ ...plain, extensions: true, fast: true, v2Upgrade: true });
  });

  test("[BEP 3] refuses another protocol, or another length of its name", () => {
    for (const at of [0, 1, 19]) {
      const bytes = encodeHandshake(plain);
      bytes[at] = 0;
      expect(decodeHandshake(bytes)).toBeUndefined();
    }
  });

  test("the result does not change with the received bytes", () => {
    const bytes = encodeHandshake(plain);
    const handshake = decodeHandshake(bytes);
    bytes.fill(0);
    expect(handshake).toEqual(plain);
  });

  test("any bytes never throw", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void decodeHandshake(bytes)));
  });
});
