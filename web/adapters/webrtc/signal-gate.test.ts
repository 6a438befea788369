import { describe, expect, it } from "vitest";
import type { Candidate, Signal } from "../../ports/links.ts";
import { MAX_CANDIDATE_LENGTH, MAX_CANDIDATES, MAX_SDP_LENGTH } from "./limits.ts";
import { SignalGate } from "./signal-gate.ts";

const sdp =
  "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
const candidate: Candidate = {
  candidate: "candidate:1 1 udp 1 a.local 9 typ host",
  sdpMid: "0",
  sdpMLineIndex: 0,
};
const candidates = (...all: Candidate[]): Signal => ({ type: "candidates", candidates: all });

describe("signals that reach the platform", () => {
  it("an offer, if we did not make one, and candidates before and after it", () => {
    const gate = new SignalGate(false);
    expect(gate.admit(candidates(candidate))).toBe(true);
    expect(gate.admit({ type: "offer", sdp })).toBe(true);
    expect(gate.admit(candidates({ ...candidate, candidate: "" }))).toBe(true);
  });

  it("an answer to our own offer", () => {
    expect(new SignalGate(true).admit({ type: "answer", sdp })).toBe(true);
  });
});

describe("signals that do not reach the platform", () => {
  it.each<[string, boolean, Signal]>([
    ["an offer that would roll ours back", true, { type: "offer", sdp }],
    ["an answer to no offer", false, { type: "answer", sdp }],
    ["a description that asks for audio", false, { type: "offer", sdp: `${sdp}m=audio 9 RTP/SAVPF 111\r\n` }],
    ["a description of two channels", false, { type: "offer", sdp: sdp + sdp.slice(sdp.indexOf("m=")) }],
    ["a description of nothing", false, { type: "offer", sdp: "v=0\r\n" }],
    ["what is no description", false, { type: "offer", sdp: "m=application" }],
    [
      "a description without an end",
      false,
      { type: "offer", sdp: sdp + "a=x\r\n".repeat(MAX_SDP_LENGTH / 5) },
    ],
    ["no candidates at all", true, candidates()],
    [
      "an endless candidate",
      true,
      candidates({ ...candidate, candidate: "c".repeat(MAX_CANDIDATE_LENGTH + 1) }),
    ],
    ["a candidate for nothing", true, candidates({ ...candidate, sdpMid: null, sdpMLineIndex: null })],
    ["a candidate for a section that is not there", true, candidates({ ...candidate, sdpMLineIndex: 1 })],
    ["too many candidates", true, candidates(...new Array<Candidate>(MAX_CANDIDATES + 1).fill(candidate))],
  ])("%s", (_what, initiator, signal) => {
    expect(new SignalGate(initiator).admit(signal)).toBe(false);
  });

  it("a second description", () => {
    const gate = new SignalGate(false);
    gate.admit({ type: "offer", sdp });
    expect(gate.admit({ type: "offer", sdp })).toBe(false);
  });

  it("candidates beyond the limit, however they are spread", () => {
    const gate = new SignalGate(true);
    for (let i = 0; i < MAX_CANDIDATES; i++) expect(gate.admit(candidates(candidate))).toBe(true);
    expect(gate.admit(candidates(candidate))).toBe(false);
  });
});
