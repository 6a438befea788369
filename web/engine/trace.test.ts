import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Bitfield } from "./bitfield.ts";
import { concatBytes } from "./bytes.ts";
import type { Input, Output } from "./io.ts";
import { BLOCK_BYTES, TRACE_BYTES, TRACE_STEPS } from "./limits.ts";
import { Trace } from "./trace.ts";
import { BlockOmitter } from "./trace-bytes.ts";
import { readTrace } from "./trace-reader.ts";
import { linkId, millis, type PeerId, type PieceIndex, peerId } from "./units.ts";
import { encodeMessage, type SendableMessage } from "./wire/encoder.ts";
import { encodeHandshake } from "./wire/handshake.ts";

const link = linkId(1);
const peer = peerId("ab".repeat(20)) as PeerId;
const piece = 3 as PieceIndex;
const handshake = encodeHandshake({
  infoHash: new Uint8Array(20).fill(1),
  peerId: new Uint8Array(20).fill(2),
  extensions: true,
  fast: true,
  v2Upgrade: false,
});
const opened: Input = { type: "link-opened", link, peer, relayed: false };
const noise = (length: number) => Uint8Array.from({ length }, (_, at) => (at % 255) + 1);

function traced(steps: readonly [Input, Output[]][], setup = {}): string {
  const trace = new Trace(setup);
  for (const [at, [input, outputs]] of steps.entries()) {
    trace.onInput(input, millis(at * 10));
    trace.onOutputs(outputs);
  }
  return trace.toLines();
}

function read(lines: string) {
  const recorded = readTrace(lines);
  if (!recorded.ok) throw new Error(`line ${recorded.reason.line} of the trace`);
  return recorded.value;
}

/** What the reader makes of the inputs that were traced. */
function replayed(...inputs: readonly Input[]): Input[] {
  return read(traced(inputs.map((input) => [input, []]))).steps.map((step) => step.input);
}

describe("a traced input", () => {
  test("is read back as it was, with its time", () => {
    const inputs: Input[] = [
      opened,
      { type: "bytes-flushed", link, count: 77 },
      { type: "piece-committed", piece, result: "stored", leaves: noise(64) },
      { type: "piece-committed", piece, result: "failed" },
      { type: "serve-failed", link, piece, begin: 0, length: BLOCK_BYTES },
      { type: "download-allowed", allowed: true },
      { type: "files-wanted", wanted: [true, false] },
      {
        type: "limits-set",
        uploadBytesPerSecond: Infinity,
        downloadBytesPerSecond: 9,
        uploadSlots: Infinity,
      },
      { type: "woke" },
      { type: "link-closed", link },
    ];
    expect(replayed(...inputs)).toEqual(inputs);
    expect(
      read(
        traced([
          [opened, []],
          [{ type: "woke" }, []],
        ]),
      ).steps.map((step) => step.now),
    ).toEqual([0, 10]);
  });

  test("does not change with the swarm's own bitfield", () => {
    const have = new Bitfield(10);
    have.set(2);
    const trace = new Trace({});
    trace.onInput({ type: "storage-opened", have }, millis(0));
    have.set(3);
    const [step] = read(trace.toLines()).steps;
    expect(step?.input.type === "storage-opened" && [...step.input.have]).toEqual([2]);
  });

  test("has control messages whole and zeros for the blocks", () => {
    const block = noise(BLOCK_BYTES);
    const messages = (block: Uint8Array): SendableMessage[] => [
      { type: "bitfield", bits: noise(9) },
      { type: "piece", piece, begin: 7, block },
      { type: "keep-alive" },
      { type: "extended", id: 2, payload: noise(300) },
      { type: "piece", piece, begin: 9, block: block.subarray(0, 1) },
      { type: "piece", piece, begin: 9, block: new Uint8Array(0) },
      { type: "choke" },
    ];
    const stream = new Uint8Array([...handshake, ...concatBytes(messages(block).map(encodeMessage))]);
    const silenced = new Uint8Array([
      ...handshake,
      ...concatBytes(messages(new Uint8Array(BLOCK_BYTES)).map(encodeMessage)),
    ]);
    expect(replayed(opened, { type: "bytes-received", link, bytes: stream })[1]).toEqual({
      type: "bytes-received",
      link,
      bytes: silenced,
    });
    const lines = traced([
      [opened, []],
      [{ type: "bytes-received", link, bytes: stream }, []],
    ]);
    expect(lines.length).toBeLessThan(2000);
  });

  test("leaves the same out wherever the arrays of the stream begin and end", () => {
    const message = encodeMessage({ type: "piece", piece, begin: 1, block: noise(50) });
    const stream = new Uint8Array([...handshake, ...message, ...message, 0, 0, 0, 1, 2]);
    const whole = new BlockOmitter().omit(stream);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (places) => {
        const omitter = new BlockOmitter();
        const ends = [...places, stream.length].sort((a, b) => a - b);
        const parts = ends.map((end, at) => omitter.omit(stream.slice(ends[at - 1] ?? 0, end)));
        const kept = parts.reduce((sum, part) => sum + part.keptBytes, 0);
        expect(kept).toBe(whole.keptBytes);
      }),
    );
    expect(whole.keptBytes).toBe(stream.length - 100);
  });

  test("does not keep the received array alive", () => {
    const bytes = new Uint8Array([...handshake, ...encodeMessage({ type: "have", piece: 1 })]);
    const kept = new BlockOmitter().omit(bytes).parts;
    expect(kept.some((part) => typeof part !== "number" && part.buffer === bytes.buffer)).toBe(false);
  });

  test("is there even when its step failed", () => {
    const trace = new Trace({});
    trace.onInput({ type: "woke" }, millis(5));
    expect(read(trace.toLines()).steps).toMatchObject([{ now: 5, input: { type: "woke" } }]);
  });
});

describe("traced outputs", () => {
  const outputsOf = (output: Output) =>
    JSON.parse(traced([[{ type: "woke" }, [output]]]).split("\n")[1] ?? "").outputs;

  test("have small messages whole and of large ones the head", () => {
    expect(outputsOf({ type: "send", link, bytes: Uint8Array.of(1, 2) })).toEqual([
      { type: "send", link, bytes: { $bytes: ["0102"] } },
    ]);
    expect(outputsOf({ type: "send", link, bytes: new Uint8Array(5000) })).toEqual([
      { type: "send", link, bytes: { $bytes: ["00".repeat(64), 4936] } },
    ]);
  });

  test("have only the length of a piece", () => {
    const check = { merkle: { root: noise(32), width: 16 }, needsLeaves: true };
    expect(outputsOf({ type: "commit", piece, bytes: noise(262_144), check })).toEqual([
      { type: "commit", piece, bytes: { $bytes: ["", 262_144] } },
    ]);
  });
});

test("tracing the inputs of a trace again gives the same lines", () => {
  const steps: [Input, Output[]][] = [
    [opened, [{ type: "send", link, bytes: handshake }]],
    [{ type: "bytes-received", link, bytes: handshake }, []],
    [
      {
        type: "bytes-received",
        link,
        bytes: encodeMessage({ type: "piece", piece, begin: 0, block: noise(99) }),
      },
      [{ type: "commit", piece, bytes: noise(99), check: { needsLeaves: true } }],
    ],
    [{ type: "woke" }, [{ type: "drop", link, reason: "silent", ban: false }]],
  ];
  const lines = traced(steps);
  const again = read(lines).steps.map((step, at): [Input, Output[]] => [step.input, steps[at]?.[1] ?? []]);
  expect(traced(again)).toBe(lines);
});

describe("the setup", () => {
  test("stands in the first line", () => {
    const { setup, firstStep } = read(traced([], { seed: 7, info: Uint8Array.of(1, 2, 3), infoHash: "aa" }));
    expect(setup).toEqual({ seed: 7, info: Uint8Array.of(1, 2, 3), infoHash: "aa" });
    expect(firstStep).toBe(0);
  });
});

describe("what is kept is bounded", () => {
  test("in steps: the oldest go first, and the trace says so", () => {
    const steps = Array.from({ length: TRACE_STEPS + 5 }, (_, count): [Input, Output[]] => [
      { type: "bytes-flushed", link, count },
      [],
    ]);
    const recorded = read(traced(steps));
    expect(recorded.firstStep).toBe(5);
    expect(recorded.steps).toHaveLength(TRACE_STEPS);
    expect(recorded.steps[0]?.input).toMatchObject({ count: 5 });
  });

  test("in bytes: a flood of control messages only shortens the trace", () => {
    const payload = noise(60_000);
    const flood = encodeMessage({ type: "extended", id: 1, payload });
    const count = Math.ceil(TRACE_BYTES / payload.length) + 10;
    const trace = new Trace({});
    trace.onInput(opened, millis(0));
    trace.onInput({ type: "bytes-received", link, bytes: handshake }, millis(0));
    for (let i = 0; i < count; i++) trace.onInput({ type: "bytes-received", link, bytes: flood }, millis(0));
    const recorded = read(trace.toLines());
    const kept = recorded.steps.reduce(
      (sum, { input }) => sum + (input.type === "bytes-received" ? input.bytes.length : 0),
      0,
    );
    expect(kept).toBeLessThanOrEqual(TRACE_BYTES);
    expect(kept).toBeGreaterThan(TRACE_BYTES / 2);
    expect(recorded.firstStep + recorded.steps.length).toBe(count + 2);
  });
});

describe("readTrace", () => {
  test("names the first line that it cannot read", () => {
    const good = traced([
      [opened, []],
      [{ type: "woke" }, []],
    ]);
    expect(readTrace("")).toEqual({ ok: false, reason: { line: 1 } });
    expect(readTrace(good.replace('"woke"', '"slept"'))).toEqual({ ok: false, reason: { line: 3 } });
    expect(readTrace(`${good}{`)).toEqual({ ok: false, reason: { line: 4 } });
  });

  test("any text never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void readTrace(text)));
    fc.assert(fc.property(fc.array(fc.json()), (lines) => void readTrace(lines.join("\n"))));
  });
});
