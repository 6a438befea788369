import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeDontHave, encodeDontHave } from "./dont-have.ts";

test("[BEP 54] the payload is the index of the piece, four bytes", () => {
  expect(encodeDontHave(0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4));
  expect(decodeDontHave(Uint8Array.of(0xff, 0, 0, 1))).toEqual({ ok: true, value: 0xff000001 });
});

test("any other length is malformed", () => {
  for (const length of [0, 3, 5]) {
    expect(decodeDontHave(new Uint8Array(length))).toEqual({ ok: false, reason: "extension-malformed" });
  }
});

test("any bytes never throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => void decodeDontHave(bytes)));
});
