import { describe, expect, test } from "vitest";
import { candidateKinds } from "./candidate-kinds.ts";

const HOST = "candidate:1 1 udp 2113937151 5b2c.local 54321 typ host generation 0";
const REFLEXIVE = "candidate:2 1 udp 1677729535 203.0.113.7 54321 typ srflx raddr 0.0.0.0 rport 0";
const RELAY = "candidate:3 1 udp 33562367 198.51.100.9 60000 typ relay raddr 203.0.113.7 rport 54321";

describe("the kinds of candidates", () => {
  test("[RFC 8445] are read from candidates that come one by one", () => {
    const candidates = [HOST, REFLEXIVE, ""].map((candidate) => ({
      candidate,
      sdpMid: "0",
      sdpMLineIndex: 0,
    }));
    expect(candidateKinds({ type: "candidates", candidates })).toEqual(["host", "srflx"]);
  });

  test("are read from a description that has them in it", () => {
    const sdp = ["v=0", `a=${HOST}`, `a=${RELAY}`, "a=end-of-candidates", ""].join("\r\n");
    expect(candidateKinds({ type: "offer", sdp })).toEqual(["host", "relay"]);
  });

  test("of nonsense are none", () => {
    expect(candidateKinds({ type: "answer", sdp: "typ relay candidate:" })).toEqual([]);
  });
});
