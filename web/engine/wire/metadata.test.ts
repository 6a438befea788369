import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { METADATA_BLOCK_BYTES } from "../limits.ts";
import { byteString, fromByteString } from "../metainfo/text.ts";
import { decodeMetadataMessage, encodeMetadataMessage, type MetadataMessage } from "./metadata.ts";

const decodeText = (text: string) => decodeMetadataMessage(fromByteString(text));

const vectors: [MetadataMessage, string][] = [
  [{ type: "request", piece: 0 }, "d8:msg_typei0e5:piecei0ee"],
  [
    { type: "data", piece: 0, totalSize: 3425, data: fromByteString("xyz") },
    "d8:msg_typei1e5:piecei0e10:total_sizei3425eexyz",
  ],
  [{ type: "reject", piece: 7 }, "d8:msg_typei2e5:piecei7ee"],
];

test.each(vectors)("[BEP 9] %j", (message, text) => {
  expect(byteString(encodeMetadataMessage(message))).toBe(text);
  expect(decodeText(text)).toEqual({ ok: true, value: message });
});

describe("decodeMetadataMessage", () => {
  test("gives the block as a view", () => {
    const payload = fromByteString("d8:msg_typei1e5:piecei0e10:total_sizei3eexyz");
    const decoded = decodeMetadataMessage(payload);
    expect(decoded.ok && decoded.value?.type === "data" && decoded.value.data.buffer).toBe(payload.buffer);
  });

  test("[BEP 9] passes over a kind that it does not know", () => {
    expect(decodeText("d8:msg_typei3e5:piecei0ee")).toEqual({ ok: true, value: undefined });
  });

  test("takes a block of 16 KiB and not a byte more", () => {
    const ofLength = (length: number) =>
      encodeMetadataMessage({ type: "data", piece: 0, totalSize: 1e6, data: new Uint8Array(length) });
    expect(decodeMetadataMessage(ofLength(METADATA_BLOCK_BYTES)).ok).toBe(true);
    expect(decodeMetadataMessage(ofLength(METADATA_BLOCK_BYTES + 1)).ok).toBe(false);
  });

  test.each([
    ["a negative piece", "d8:msg_typei0e5:piecei-1ee"],
    ["no piece", "d8:msg_typei0ee"],
    ["no kind", "d5:piecei0ee"],
    ["data without its size", "d8:msg_typei1e5:piecei0eexyz"],
    ["bytes after a request", "d8:msg_typei0e5:piecei0eex"],
    ["something else", "i0e"],
    ["half a dictionary", "d8:msg_type"],
  ])("refuses %s", (_name, text) => {
    expect(decodeText(text)).toEqual({ ok: false, reason: "extension-malformed" });
  });

  test("any bytes never throw", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeMetadataMessage(bytes)));
  });
});
