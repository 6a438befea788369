import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes } from "../bytes.ts";
import { BLOCK_BYTES, MAX_MESSAGE_BYTES } from "../limits.ts";
import { fromHex, InvariantError } from "../units.ts";
import { WireDecoder, type WireEvent } from "./decoder.ts";
import { encodeMessage, type SendableMessage } from "./encoder.ts";
import { encodeHandshake } from "./handshake.ts";
import { writeUint32 } from "./uint32.ts";

const handshake = {
  infoHash: new Uint8Array(20).fill(1),
  peerId: new Uint8Array(20).fill(2),
  extensions: true,
  fast: true,
  v2Upgrade: false,
};
const handshakeBytes = encodeHandshake(handshake);

function drain(decoder: WireDecoder): WireEvent[] {
  const events: WireEvent[] = [];
  for (let event = decoder.next(); event !== undefined; event = decoder.next()) events.push(event);
  return events;
}

/** Everything that a fresh decoder makes of these arrays, pushed one after the other. */
function decodeAll(...arrays: readonly Uint8Array[]): WireEvent[] {
  const decoder = new WireDecoder();
  return arrays.flatMap((bytes) => {
    decoder.push(bytes);
    return drain(decoder);
  });
}

/** A decoder that has read the handshake. */
function greeted(): WireDecoder {
  const decoder = new WireDecoder();
  decoder.push(handshakeBytes);
  drain(decoder);
  return decoder;
}

/** What a decoder makes of this stream after the handshake. */
function decodeMessages(...arrays: readonly Uint8Array[]): WireEvent[] {
  const decoder = greeted();
  return arrays.flatMap((bytes) => {
    decoder.push(bytes);
    return drain(decoder);
  });
}

function bytesOf(picture: string): Uint8Array {
  const bytes = fromHex(picture.replaceAll(" ", ""));
  if (bytes === undefined) throw new Error(`not hexadecimal: ${picture}`);
  return bytes;
}

const index = fc.integer({ min: 0, max: 0xffffffff });
const request = { piece: index, begin: index, length: index };
const range = {
  piecesRoot: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  baseLayer: index,
  index,
  length: index,
  proofLayers: index,
};
const bytes = fc.uint8Array({ maxLength: 200 });
const anyMessage: fc.Arbitrary<SendableMessage> = fc.oneof(
  fc.constantFrom<SendableMessage>(
    { type: "keep-alive" },
    { type: "choke" },
    { type: "unchoke" },
    { type: "interested" },
    { type: "not-interested" },
    { type: "have-all" },
    { type: "have-none" },
  ),
  fc.record({
    type: fc.constantFrom("have" as const, "suggest" as const, "allowed-fast" as const),
    piece: index,
  }),
  fc.record({ type: fc.constant("bitfield" as const), bits: bytes }),
  fc.record({ type: fc.constantFrom("request" as const, "cancel" as const, "reject" as const), ...request }),
  fc.record({ type: fc.constant("piece" as const), piece: index, begin: index, block: bytes }),
  fc.record({
    type: fc.constant("extended" as const),
    id: fc.integer({ min: 0, max: 255 }),
    payload: bytes,
  }),
  fc.record({ type: fc.constantFrom("hash-request" as const, "hash-reject" as const), ...range }),
  fc.record({
    type: fc.constant("hashes" as const),
    ...range,
    hashes: fc.nat(4).map((count) => new Uint8Array(32 * count).fill(count)),
  }),
);

/** Cuts `whole` into arrays at the given places. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1))), whole.length];
  ends.sort((a, b) => a - b);
  return ends.map((end, at) => whole.slice(ends[at - 1] ?? 0, end));
}

describe("a stream", () => {
  test("gives the handshake, then the messages", () => {
    expect(
      decodeAll(
        handshakeBytes,
        encodeMessage({ type: "unchoke" }),
        encodeMessage({ type: "have", piece: 3 }),
      ),
    ).toEqual([{ type: "handshake", handshake }, { type: "unchoke" }, { type: "have", piece: 3 }]);
  });

  test("[BEP 3] means the same wherever its arrays begin and end", () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 12 }), fc.array(fc.nat(5000)), (messages, places) => {
        const stream = new Uint8Array([...handshakeBytes, ...concatBytes(messages.map(encodeMessage))]);
        expect(decodeAll(...cut(stream, places))).toEqual([{ type: "handshake", handshake }, ...messages]);
      }),
    );
  });

  test("can come byte by byte", () => {
    const messages: SendableMessage[] = [
      { type: "keep-alive" },
      { type: "piece", piece: 1, begin: 2, block: Uint8Array.of(3, 4, 5) },
      { type: "choke" },
    ];
    const stream = new Uint8Array([...handshakeBytes, ...concatBytes(messages.map(encodeMessage))]);
    expect(decodeAll(...Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual([
      { type: "handshake", handshake },
      ...messages,
    ]);
  });

  test("any bytes never throw, and a failure is the last event", () => {
    const anyStream = fc.array(fc.oneof(bytes, anyMessage.map(encodeMessage)));
    fc.assert(
      fc.property(fc.boolean(), anyStream, (isGreeted, arrays) => {
        const events = isGreeted ? decodeMessages(...arrays) : decodeAll(...arrays);
        const failedAt = events.findIndex((event) => event.type === "failed");
        expect([-1, events.length - 1]).toContain(failedAt);
      }),
    );
  });
});

describe("copies", () => {
  const message = encodeMessage({
    type: "piece",
    piece: 1,
    begin: 0,
    block: new Uint8Array(BLOCK_BYTES).fill(7),
  });

  test("a block that lies in one array is a view into it", () => {
    const array = new Uint8Array([0, 0, 0, 0, ...message]);
    const [, piece] = decodeMessages(array);
    expect(piece?.type === "piece" && piece.block.buffer).toBe(array.buffer);
  });

  test("a block that lies in several arrays is collected in one of just its message's length", () => {
    const [piece] = decodeMessages(...cut(message, [1, 9, 5000, 12000]));
    if (piece?.type !== "piece") throw new Error("no piece");
    expect(piece.block).toEqual(new Uint8Array(BLOCK_BYTES).fill(7));
    expect(piece.block.buffer.byteLength).toBe(message.length - 4);
  });
});

describe("a malformed stream", () => {
  test("[BEP 3] that opens with another protocol fails", () => {
    expect(decodeAll(new Uint8Array(68))).toEqual([{ type: "failed", reason: "handshake-malformed" }]);
  });

  test.each([
    ["a choke with a payload", "00000002 00 00"],
    ["a have that is short", "00000004 04 000000"],
    ["a request that is long", "0000000e 06 00000000 00000000 00004000 00"],
    ["a piece without its offset", "00000008 07 00000000 000000"],
    ["an extended message without an id", "00000001 14"],
    ["a hash request that is short", `00000030 15 ${"00".repeat(47)}`],
    ["hashes that end within a hash", `00000050 16 ${"00".repeat(79)}`],
  ])("with %s fails", (_name, picture) => {
    expect(decodeMessages(bytesOf(picture))).toEqual([{ type: "failed", reason: "message-malformed" }]);
  });

  test("fails as soon as length and id disagree, before the payload is here", () => {
    expect(decodeMessages(bytesOf("00100000 04"))).toEqual([{ type: "failed", reason: "message-malformed" }]);
  });

  test("a length beyond the limit fails at once, also beyond 2^31", () => {
    for (const length of [MAX_MESSAGE_BYTES + 1, 0x7fffffff, 0x80000000, 0xffffffff]) {
      const prefix = new Uint8Array(4);
      writeUint32(prefix, 0, length);
      expect(decodeMessages(prefix)).toEqual([{ type: "failed", reason: "message-too-long" }]);
    }
  });

  test("a message of exactly the limit is read", () => {
    const bits = new Uint8Array(MAX_MESSAGE_BYTES - 1);
    expect(decodeMessages(encodeMessage({ type: "bitfield", bits }))).toHaveLength(1);
  });

  test("ends the stream: what comes after a failure is ignored", () => {
    const events = decodeMessages(bytesOf("00000002 00 00 00000001 01"), bytesOf("00000001 01"));
    expect(events).toEqual([{ type: "failed", reason: "message-malformed" }]);
  });
});

test("messages with an unknown id are named and passed over", () => {
  expect(decodeMessages(bytesOf("00000003 09 1ae1 00000001 63 00000001 01"))).toEqual([
    { type: "unknown", id: 9 },
    { type: "unknown", id: 0x63 },
    { type: "unchoke" },
  ]);
});

test("pushing before the earlier bytes are drained is our own bug", () => {
  const decoder = greeted();
  decoder.push(bytesOf("00000001 00"));
  expect(() => decoder.push(bytesOf("00000001 01"))).toThrow(InvariantError);
});
