import { type Millis, millis } from "../engine/units.ts";
import type { Clock } from "../ports/clock.ts";

/** Longest delay that setTimeout takes, ms; a longer one would fire at once. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** How early a timer may fire, ms: browsers round performance.now() to protect against timing attacks. */
const TOLERANCE_MS = 1;

/** The real time: performance.now() and setTimeout. */
export class SystemClock implements Clock {
  now(): Millis {
    return millis(performance.now());
  }

  at(at: Millis, callback: () => void): () => void {
    let timer: ReturnType<typeof setTimeout>;
    const wait = () => {
      const leftMs = Math.max(0, at - this.now());
      timer = setTimeout(fire, Math.min(leftMs, LONGEST_DELAY_MS));
    };
    const fire = () => {
      if (at - this.now() > TOLERANCE_MS) wait();
      else callback();
    };
    wait();
    return () => clearTimeout(timer);
  }
}
