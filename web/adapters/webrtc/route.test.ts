import { describe, expect, it } from "vitest";
import { routeOf } from "./route.ts";

const chromium = (local: string, remote: string) =>
  new Map<string, object>([
    ["T1", { type: "transport", selectedCandidatePairId: "P2" }],
    ["P1", { type: "candidate-pair", localCandidateId: "L9", remoteCandidateId: "R9" }],
    ["P2", { type: "candidate-pair", localCandidateId: "L1", remoteCandidateId: "R1" }],
    ["L1", { type: "local-candidate", candidateType: local }],
    ["R1", { type: "remote-candidate", candidateType: remote }],
  ]);

const firefox = (local: string) =>
  new Map<string, object>([
    ["P1", { type: "candidate-pair", selected: false, localCandidateId: "L9", remoteCandidateId: "R9" }],
    ["P2", { type: "candidate-pair", selected: true, localCandidateId: "L1", remoteCandidateId: "R1" }],
    ["L1", { type: "local-candidate", candidateType: local }],
    ["R1", { type: "remote-candidate", candidateType: "host" }],
  ]);

describe("the route of a connection", () => {
  it("is direct between hosts and through address translation", () => {
    expect(routeOf(chromium("host", "srflx"))).toBe("direct");
    expect(routeOf(firefox("prflx"))).toBe("direct");
  });

  it("is relayed when either end uses a TURN server", () => {
    expect(routeOf(chromium("relay", "host"))).toBe("relayed");
    expect(routeOf(chromium("host", "relay"))).toBe("relayed");
    expect(routeOf(firefox("relay"))).toBe("relayed");
  });

  it("is unknown until a pair of candidates is chosen", () => {
    expect(routeOf(new Map())).toBe("unknown");
    expect(routeOf(new Map<string, object>([["T1", { type: "transport" }]]))).toBe("unknown");
    expect(
      routeOf(new Map<string, object>([["T1", { type: "transport", selectedCandidatePairId: "P2" }]])),
    ).toBe("unknown");
  });
});
