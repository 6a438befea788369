import { describe, expect, test } from "vitest";
import { PIECE_HEADER_BYTES } from "../limits.ts";
import { toHex } from "../units.ts";
import {
  encodedBytes,
  encodeMessage,
  encodePieceHeader,
  type SendableMessage,
  writeMessage,
} from "./encoder.ts";

const hashRange = {
  piecesRoot: new Uint8Array(32).fill(0xab),
  baseLayer: 1,
  index: 512,
  length: 2,
  proofLayers: 3,
};
const hashRangeHex = `${"ab".repeat(32)}00000001000002000000000200000003`;
const request = { piece: 1, begin: 0x4000, length: 0x4000 };

/** Each message with its bytes; `|` parts length prefix, id and payload. */
const vectors: [string, SendableMessage, string][] = [
  ["BEP 3", { type: "keep-alive" }, "00000000"],
  ["BEP 3", { type: "choke" }, "00000001|00"],
  ["BEP 3", { type: "unchoke" }, "00000001|01"],
  ["BEP 3", { type: "interested" }, "00000001|02"],
  ["BEP 3", { type: "not-interested" }, "00000001|03"],
  ["BEP 3", { type: "have", piece: 0xfffefdfc }, "00000005|04|fffefdfc"],
  ["BEP 3", { type: "bitfield", bits: Uint8Array.of(0x80, 0x01) }, "00000003|05|8001"],
  ["BEP 3", { type: "request", ...request }, "0000000d|06|000000010000400000004000"],
  [
    "BEP 3",
    { type: "piece", piece: 1, begin: 0x4000, block: Uint8Array.of(1, 2, 3) },
    "0000000c|07|0000000100004000|010203",
  ],
  ["BEP 3", { type: "cancel", ...request }, "0000000d|08|000000010000400000004000"],
  ["BEP 6", { type: "suggest", piece: 7 }, "00000005|0d|00000007"],
  ["BEP 6", { type: "have-all" }, "00000001|0e"],
  ["BEP 6", { type: "have-none" }, "00000001|0f"],
  ["BEP 6", { type: "reject", ...request }, "0000000d|10|000000010000400000004000"],
  ["BEP 6", { type: "allowed-fast", piece: 7 }, "00000005|11|00000007"],
  ["BEP 10", { type: "extended", id: 3, payload: Uint8Array.of(0x64, 0x65) }, "00000004|14|03|6465"],
  ["BEP 52", { type: "hash-request", ...hashRange }, `00000031|15|${hashRangeHex}`],
  [
    "BEP 52",
    { type: "hashes", ...hashRange, hashes: new Uint8Array(64).fill(0xcd) },
    `00000071|16|${hashRangeHex}|${"cd".repeat(64)}`,
  ],
  ["BEP 52", { type: "hash-reject", ...hashRange }, `00000031|17|${hashRangeHex}`],
];

const hex = (picture: string) => picture.replaceAll("|", "");

describe("encodeMessage", () => {
  test.each(vectors)("[%s] %j", (_clause, message, picture) => {
    expect(toHex(encodeMessage(message))).toBe(hex(picture));
    expect(encodedBytes(message)).toBe(hex(picture).length / 2);
  });
});

test("a message is written where it is told and touches nothing else", () => {
  const target = new Uint8Array(11).fill(0xee);
  expect(writeMessage(target, 1, { type: "have", piece: 1 })).toBe(10);
  expect(toHex(target)).toBe("ee000000050400000001ee");
});

test("[BEP 3] a piece header and the block behind it are a piece message", () => {
  const block = Uint8Array.of(9, 8, 7);
  const target = new Uint8Array(2 + PIECE_HEADER_BYTES + block.length);
  const blockAt = encodePieceHeader(target, 2, 5, 0x8000, block.length);
  target.set(block, blockAt);
  expect(target.subarray(2)).toEqual(encodeMessage({ type: "piece", piece: 5, begin: 0x8000, block }));
});
