import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_NOTE_BYTES } from "../limits.ts";
import { byteString, fromByteString } from "../metainfo/text.ts";
import type { PeerId } from "../units.ts";
import { decodeIntroduction, encodeIntroduction, type IntroductionMessage } from "./introduction.ts";

const peer = "41".repeat(20) as PeerId;
const offerId = "42".repeat(20);
const carry: IntroductionMessage = { type: "carry", peer, note: { offerId, kind: "offer", text: "v=0" } };

test("a note is a dictionary with the peer that it is for, or from", () => {
  expect(byteString(encodeIntroduction(carry))).toBe(
    `d4:kind5:offer8:msg_typei0e8:offer_id20:${"B".repeat(20)}4:peer20:${"A".repeat(20)}4:text3:v=0e`,
  );
});

test("what is encoded is decoded", () => {
  const note = { offerId, kind: "candidates", text: "x".repeat(MAX_NOTE_BYTES) } as const;
  const messages: IntroductionMessage[] = [
    carry,
    { type: "carried", peer, note },
    { type: "refused", peer, offerId },
  ];
  for (const message of messages) {
    expect(decodeIntroduction(encodeIntroduction(message))).toEqual({ ok: true, value: message });
  }
});

test("a message of a type that is not known yet is no mistake", () => {
  expect(decodeIntroduction(fromByteString("d8:msg_typei7ee"))).toEqual({ ok: true, value: undefined });
});

test.each([
  ["no dictionary", "le"],
  ["no type", "de"],
  ["no peer", `d8:msg_typei2e8:offer_id20:${"B".repeat(20)}e`],
  ["a peer id that is too short", `d8:msg_typei2e8:offer_id20:${"B".repeat(20)}4:peer2:AAe`],
  ["an unknown kind", byteString(encodeIntroduction(carry)).replace("5:offer", "5:other")],
  ["a note that is too long", `d4:text${MAX_NOTE_BYTES + 300}:${"x".repeat(MAX_NOTE_BYTES + 300)}e`],
])("%s is malformed", (_, text) => {
  expect(decodeIntroduction(fromByteString(text))).toEqual({ ok: false, reason: "extension-malformed" });
});

test("any bytes are decoded or refused, never thrown at", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeIntroduction(bytes)));
});
