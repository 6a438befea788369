/** What passes within the engines of this thread, for benchmarks; the clock itself is part of it, some hundredths of a microsecond a step. */
import { Swarm } from "../engine/swarm.ts";

/** Begins to measure, for good. @returns the milliseconds so far. */
export function measureEngine(): () => number {
  let spentMs = 0;
  const { step } = Swarm.prototype;
  Swarm.prototype.step = function (input, now) {
    const startedAt = performance.now();
    const outputs = step.call(this, input, now);
    spentMs += performance.now() - startedAt;
    return outputs;
  };
  return () => spentMs;
}
