import { expect, test } from "vitest";
import { BLOCK_BYTES } from "../engine/limits.ts";
import { digests } from "./digests.ts";
import { replay } from "./replay.ts";
import { singleFile } from "./synthetic-torrent.ts";
import { World } from "./world.ts";

function traces(): string[] {
  const world = new World(singleFile(20, 2 * BLOCK_BYTES, digests.sha256), { seed: 1 });
  world.join({ isSeed: true, isTraced: true });
  for (let i = 0; i < 2; i++) world.join({ isTraced: true });
  expect(world.runUntil(() => world.isEveryoneDone, 60_000)).toBe(true);
  return world.nodes.map((node) => node.swarm.trace());
}

test("a seed's trace and a leecher's replay without a difference", () => {
  for (const trace of traces()) {
    const outcome = replay(trace, digests);
    expect(outcome).toMatchObject({ ok: true, value: { differences: [] } });
    expect(outcome.ok && outcome.value.steps).toBeGreaterThan(100);
  }
});

test("a decision that was recorded otherwise is shown with its step", () => {
  const lines = (traces()[1] ?? "").split("\n");
  const at = lines.findIndex((line) => line.includes('"type":"commit"'));
  lines[at] = (lines[at] ?? "").replace('"type":"commit","piece":', '"type":"commit","piece":1');
  const outcome = replay(lines.join("\n"), digests);
  expect(outcome.ok && outcome.value.differences.map(({ step }) => step)).toEqual([at - 1]);
});

test("what is no trace, or has lost its beginning, is refused with a reason", () => {
  expect(replay("{}", digests)).toEqual({ ok: false, reason: "line 1 is not a line of a trace" });
  const late = '{"setup":{},"firstStep":7}\n';
  expect(replay(late, digests)).toMatchObject({
    ok: false,
    reason: expect.stringContaining("7 steps are gone"),
  });
});
