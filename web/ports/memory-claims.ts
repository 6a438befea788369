/** Claims among tabs that exist only in a test: one `MemoryProfile` is one browser profile. */
import type { Claims } from "./claims.ts";

interface Line {
  owner: object;
  count: number;
  readonly waiting: { readonly tab: object; readonly onOurs: () => void }[];
}

export class MemoryProfile {
  readonly #lines = new Map<string, Line>();
  readonly #listeners = new Map<object, (name: string) => void>();

  /** The claims of a new tab, and how that tab ends. */
  open(): { readonly claims: Claims; end(): void } {
    const tab = {};
    return { claims: this.#claimsOf(tab), end: () => this.#end(tab) };
  }

  #claimsOf(tab: object): Claims {
    return {
      tryClaim: async (name) => {
        const line = this.#lines.get(name);
        if (line === undefined) this.#lines.set(name, { owner: tab, count: 1, waiting: [] });
        else if (line.owner === tab) line.count++;
        return line === undefined || line.owner === tab;
      },
      await: (name, onOurs) => {
        const place = { tab, onOurs };
        const line = this.#lines.get(name);
        if (line === undefined) {
          this.#lines.set(name, { owner: tab, count: 1, waiting: [] });
          queueMicrotask(onOurs);
          return () => {};
        }
        line.waiting.push(place);
        for (const [other, listener] of this.#listeners) {
          if (other !== tab) queueMicrotask(() => listener(name));
        }
        return () => {
          const at = line.waiting.indexOf(place);
          if (at >= 0) line.waiting.splice(at, 1);
        };
      },
      release: (name) => this.#release(tab, name),
      taken: async () => new Set(this.#lines.keys()),
      onAwaited: (listener) => void this.#listeners.set(tab, listener),
    };
  }

  #release(tab: object, name: string): void {
    const line = this.#lines.get(name);
    if (line?.owner !== tab || --line.count > 0) return;
    const next = line.waiting.shift();
    if (next === undefined) {
      this.#lines.delete(name);
    } else {
      line.owner = next.tab;
      line.count = 1;
      queueMicrotask(next.onOurs);
    }
  }

  #end(tab: object): void {
    this.#listeners.delete(tab);
    for (const [name, line] of [...this.#lines]) {
      const others = line.waiting.filter((place) => place.tab !== tab);
      line.waiting.splice(0, line.waiting.length, ...others);
      if (line.owner === tab) line.count = 1;
      this.#release(tab, name);
    }
  }
}
