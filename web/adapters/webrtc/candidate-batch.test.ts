import { describe, expect, it } from "vitest";
import { ManualClock } from "../../ports/manual-clock.ts";
import { CandidateBatch } from "./candidate-batch.ts";
import { CANDIDATE_BATCH_MS } from "./limits.ts";

function batching() {
  const clock = new ManualClock();
  const batches: string[][] = [];
  const batch = new CandidateBatch(clock, (found) => batches.push(found.map(({ candidate }) => candidate)));
  const find = (candidate: string) => batch.add({ candidate, sdpMid: "0", sdpMLineIndex: 0 });
  return { clock, batches, batch, find };
}

describe("candidates on their way to the other end", () => {
  it("the first goes at once, the next ones together", () => {
    const { clock, batches, find } = batching();
    find("a");
    expect(batches).toEqual([["a"]]);
    find("b");
    find("c");
    expect(batches).toEqual([["a"]]);
    clock.advance(CANDIDATE_BATCH_MS);
    expect(batches).toEqual([["a"], ["b", "c"]]);
  });

  it("one that comes after a quiet time goes at once again", () => {
    const { clock, batches, find } = batching();
    find("a");
    clock.advance(CANDIDATE_BATCH_MS);
    find("b");
    expect(batches).toEqual([["a"], ["b"]]);
  });

  it("all go when gathering is complete", () => {
    const { clock, batches, batch, find } = batching();
    find("a");
    find("b");
    batch.flush();
    expect(batches).toEqual([["a"], ["b"]]);
    clock.advance(10 * CANDIDATE_BATCH_MS);
    expect(batches).toHaveLength(2);
  });

  it("none go after the link ended", () => {
    const { clock, batches, batch, find } = batching();
    find("a");
    find("b");
    batch.stop();
    clock.advance(10 * CANDIDATE_BATCH_MS);
    expect(batches).toEqual([["a"]]);
    expect(clock.nextAlarm).toBeUndefined();
  });
});
