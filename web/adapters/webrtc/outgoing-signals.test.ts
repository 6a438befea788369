import { describe, expect, it } from "vitest";
import type { Signal } from "../../ports/links.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import { CANDIDATE_BATCH_MS, CANDIDATE_GAP_MS, DESCRIPTION_WAIT_MS } from "./limits.ts";
import { OutgoingSignals } from "./outgoing-signals.ts";

/** A connection that finds candidates when told to, and keeps them in its description as the platform does. */
function finding() {
  const clock = new ManualClock();
  const said: string[] = [];
  let sdp = "sdp";
  const say = (signal: Signal) =>
    said.push(
      signal.type === "candidates"
        ? signal.candidates.map(({ candidate }) => candidate).join(" ")
        : `${signal.type} ${signal.sdp}`,
    );
  const outgoing = new OutgoingSignals(clock, () => sdp, say);
  return {
    clock,
    said,
    outgoing,
    describe: () => outgoing.add({ type: "offer", sdp }),
    find: (...candidates: string[]) => {
      for (const candidate of candidates) {
        sdp += `+${candidate}`;
        outgoing.add({ type: "candidate", candidate: { candidate, sdpMid: "0", sdpMLineIndex: 0 } });
      }
    },
  };
}

describe("what one end of a link has to say", () => {
  it("is one description with all candidates in it when they are found soon, and goes without waiting longer", () => {
    const { clock, said, outgoing, describe, find } = finding();
    describe();
    find("a", "b", "c");
    expect(said).toEqual([]);
    outgoing.gathered();
    expect(said).toEqual(["offer sdp+a+b+c"]);
    clock.advance(10 * DESCRIPTION_WAIT_MS);
    expect(said).toHaveLength(1);
  });

  it("waits a little after each candidate, and not for the longest time", () => {
    const { clock, said, describe, find } = finding();
    describe();
    find("a");
    clock.advance(CANDIDATE_GAP_MS - 1);
    find("b");
    clock.advance(CANDIDATE_GAP_MS - 1);
    expect(said).toEqual([]);
    clock.advance(1);
    expect(said).toEqual(["offer sdp+a+b"]);
  });

  it("waits no longer than the longest time for candidates that come one by one", () => {
    const { clock, said, describe, find } = finding();
    describe();
    for (let waited = 0; waited < DESCRIPTION_WAIT_MS; waited += 10) {
      expect(said).toEqual([]);
      find("a");
      clock.advance(10);
    }
    expect(said).toHaveLength(1);
  });

  it("does not wait for candidates that take long: the next goes at once, those after it together", () => {
    const { clock, said, describe, find } = finding();
    describe();
    find("a");
    clock.advance(DESCRIPTION_WAIT_MS);
    expect(said).toEqual(["offer sdp+a"]);
    find("b", "c", "d");
    expect(said).toEqual(["offer sdp+a", "b"]);
    clock.advance(CANDIDATE_BATCH_MS);
    expect(said).toEqual(["offer sdp+a", "b", "c d"]);
  });

  it("does not wait at all when there is nothing more to be found", () => {
    const { said, outgoing, describe } = finding();
    outgoing.gathered();
    describe();
    expect(said).toEqual(["offer sdp"]);
  });

  it("is said no more after the end", () => {
    const { clock, said, outgoing, describe, find } = finding();
    describe();
    find("a");
    outgoing.stop();
    clock.advance(10 * DESCRIPTION_WAIT_MS);
    expect(said).toEqual([]);
    expect(clock.nextAlarm).toBeUndefined();
  });
});
