/**
 * Virtual time beside work that takes real time: hashing, sealing, reading files. How long that takes nobody can foretell
 * on a busy machine, so the clock stands still while any of it is under way: nothing comes too late, however slow it was.
 */
import { Random } from "./engine/random.ts";
import { ManualClock } from "./ports/manual-clock.ts";

/** How long `until` waits in virtual time, ms. */
const PATIENCE_MS = 20_000;

export class VirtualTime {
  readonly clock = new ManualClock();
  /** Chance that is the same in every run. */
  readonly random = new Random(1);
  #underWay = 0;

  /** The same, counting: what `work` promises is under way until the promise is kept or broken. */
  counted<Args extends unknown[], Result>(
    work: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    return (...args) => this.#count(work(...args));
  }

  /** The same, with all its functions counting. */
  countedAll<Target extends object>(target: Target): Target {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => {
          const result: unknown = Reflect.apply(value, target, args);
          return result instanceof Promise ? this.#count(result) : result;
        };
      },
    });
  }

  /** Lets so many turns of the event loop go by, besides those that real work takes. No time passes. */
  async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; ) if (await this.#turn()) turn++;
  }

  /** Lets time pass until it holds, and real work go on. @returns whether it holds. */
  async until(holds: () => boolean, patienceMs = PATIENCE_MS): Promise<boolean> {
    for (const end = this.clock.now() + patienceMs; this.clock.now() < end; ) {
      if (holds()) return true;
      if (await this.#turn()) this.clock.advance(1);
    }
    return holds();
  }

  async pass(ms: number): Promise<void> {
    await this.until(() => false, ms);
  }

  /** One turn of the event loop. @returns whether no real work is under way after it. */
  async #turn(): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#underWay === 0;
  }

  #count<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay++;
    return work.finally(() => {
      this.#underWay--;
    });
  }
}
