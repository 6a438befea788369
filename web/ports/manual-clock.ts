import { type Millis, millis } from "../engine/units.ts";
import type { Clock } from "./clock.ts";

interface Alarm {
  readonly at: Millis;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on: for tests in virtual time. */
export class ManualClock implements Clock {
  #now = millis(0);
  /** In the order in which they were set, which decides between equal times. */
  #alarms: Alarm[] = [];

  now(): Millis {
    return this.#now;
  }

  at(at: Millis, callback: () => void): () => void {
    const alarm = { at, callback };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((other) => other !== alarm);
    };
  }

  /** When the next alarm is due; undefined when none is set. */
  get nextAlarm(): Millis | undefined {
    return this.#earliest()?.at;
  }

  /** Lets `durationMs` pass; every alarm that falls due rings at its own time. */
  advance(durationMs: number): void {
    const end = millis(this.#now + durationMs);
    for (let alarm = this.#earliest(); alarm && alarm.at <= end; alarm = this.#earliest()) {
      const ringing = alarm;
      this.#alarms = this.#alarms.filter((other) => other !== ringing);
      this.#now = millis(Math.max(this.#now, ringing.at));
      ringing.callback();
    }
    this.#now = end;
  }

  /** Goes from alarm to alarm until `promise` settles, as waiting for it in real time would. */
  async runUntil<Value>(promise: Promise<Value>): Promise<Value> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    promise.then(settle, settle);
    while (!settled) {
      // A turn of the event loop, so that whatever waits for more than an alarm gets on too.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const { nextAlarm } = this;
      if (nextAlarm !== undefined && !settled) this.advance(Math.max(0, nextAlarm - this.#now));
    }
    return promise;
  }

  #earliest(): Alarm | undefined {
    return this.#alarms.reduce<Alarm | undefined>(
      (first, alarm) => (first === undefined || alarm.at < first.at ? alarm : first),
      undefined,
    );
  }
}
