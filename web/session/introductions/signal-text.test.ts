import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_CANDIDATES, MAX_SDP_LENGTH } from "../limits.ts";
import { formatSignal, parseSignal } from "./signal-text.ts";

const candidate = {
  candidate: "candidate:1 1 udp 2113937151 a.local 5000 typ host",
  sdpMid: "0",
  sdpMLineIndex: 0,
};

describe("signals as text", () => {
  test("a session description stays as it is, so that other programs can read it in public rooms", () => {
    expect(formatSignal({ type: "offer", sdp: "v=0\r\n" })).toBe("v=0\r\n");
    expect(parseSignal("answer", "v=0\r\n")).toEqual({ type: "answer", sdp: "v=0\r\n" });
  });

  test("candidates come back as they were, the empty one that ends them too", () => {
    const signal = {
      type: "candidates",
      candidates: [candidate, { candidate: "", sdpMid: null, sdpMLineIndex: null }],
    } as const;
    expect(parseSignal("candidates", formatSignal(signal))).toEqual(signal);
  });

  test.each([
    ["no JSON", "candidate"],
    ["no list", "{}"],
    ["no object in it", "[1]"],
    ["null in it", "[null]"],
    ["a candidate that is no text", JSON.stringify([{ ...candidate, candidate: 1 }])],
    ["a long candidate", JSON.stringify([{ ...candidate, candidate: "x".repeat(1_025) }])],
    ["a line that is no number", JSON.stringify([{ ...candidate, sdpMLineIndex: -1 }])],
    ["a mid that is no text", JSON.stringify([{ ...candidate, sdpMid: {} }])],
    ["too many", JSON.stringify(Array.from({ length: MAX_CANDIDATES + 1 }, () => candidate))],
  ])("%s is no batch of candidates", (_what, text) => {
    expect(parseSignal("candidates", text)).toBeUndefined();
  });

  test("a description that is too long is none", () => {
    expect(parseSignal("offer", "x".repeat(MAX_SDP_LENGTH + 1))).toBeUndefined();
  });

  test("what a candidate carries besides its own fields goes no further", () => {
    const read = parseSignal("candidates", JSON.stringify([{ ...candidate, more: 1 }]));
    expect(read).toEqual({ type: "candidates", candidates: [candidate] });
  });

  test("any text and any JSON gives candidates or nothing, and never throws", () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.json().map((json) => `[${json}]`),
    );
    fc.assert(
      fc.property(text, (any) => {
        const signal = parseSignal("candidates", any);
        expect(signal === undefined || signal.type === "candidates").toBe(true);
      }),
    );
  });
});
