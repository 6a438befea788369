import { expect, test } from "vitest";
import {
  BLOCK_BYTES,
  INITIAL_PIPELINE,
  MAX_PIPELINE,
  MAX_REQUEST_TIMEOUT_MS,
  MIN_REQUEST_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
} from "./limits.ts";
import { Pipeline } from "./pipeline.ts";
import { millis } from "./units.ts";

/** Blocks that come every `everyMs`, all asked for at 0. */
function fed(everyMs: number, blocks: number): Pipeline {
  const pipeline = new Pipeline();
  for (let i = 1; i <= blocks; i++) pipeline.onBlock(BLOCK_BYTES, millis(0), millis(i * everyMs));
  return pipeline;
}

test("slow start asks for one more with every block, and never for more than the peer takes", () => {
  expect(fed(1, 5).target(250)).toBe(INITIAL_PIPELINE + 5);
  expect(fed(1, 5).target(3)).toBe(3);
  expect(fed(1, 10_000).target(100_000)).toBeLessThanOrEqual(MAX_PIPELINE);
});

test("of a peer of whom nothing is known a block may take its time", () => {
  expect(new Pipeline().timeoutMs).toBe(REQUEST_TIMEOUT_MS);
});

test("[RFC 6298] a peer is late after its usual interval and four usual deviations", () => {
  expect(fed(10, 100).timeoutMs).toBe(MIN_REQUEST_TIMEOUT_MS);
  const steady = fed(15_000, 40).timeoutMs;
  expect(steady).toBeGreaterThan(15_000);
  expect(steady).toBeLessThan(17_000);
  expect(fed(70_000, 40).timeoutMs).toBe(MAX_REQUEST_TIMEOUT_MS);
});

test("[RFC 6298] every time-out in a row doubles the time that the next one takes", () => {
  const pipeline = fed(10, 100);
  pipeline.onTimeout();
  expect(pipeline.timeoutMs).toBe(2 * MIN_REQUEST_TIMEOUT_MS);
  for (let i = 0; i < 9; i++) pipeline.onTimeout();
  expect(pipeline.timeoutMs).toBe(MAX_REQUEST_TIMEOUT_MS);
});

test("a late peer is asked for one block at a time until one comes, also one that was taken back", () => {
  const pipeline = fed(10, 20);
  const before = pipeline.target(250);
  pipeline.onTimeout();
  expect(pipeline.target(250)).toBe(1);
  pipeline.onLateBlock(millis(30_000));
  expect(pipeline.target(250)).toBe(before);
  // Now it is known to pause.
  expect(pipeline.timeoutMs).toBeGreaterThan(MIN_REQUEST_TIMEOUT_MS);
});
