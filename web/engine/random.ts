/**
 * The engine's only source of chance: the small fast counting generator sfc32 (Doty-Humphrey, PractRand).
 *
 * The same seed gives the same numbers on every machine, which is what makes a trace replayable. Never used
 * for anything that must be secret.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** @param seed any number; its low 32 bits count. */
  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = (seed ^ 0x9e3779b9) | 0;
    this.#c = (seed ^ 0x6a09e667) | 0;
    // Similar seeds give similar first numbers until the state is mixed.
    for (let i = 0; i < 16; i++) this.#uint32();
  }

  #uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform in [0, 1), in steps of 2⁻³². */
  next(): number {
    return this.#uint32() / 0x1_0000_0000;
  }

  /** Uniform among 0 … n − 1; `n` is at least 1 and at most 2³². */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Puts `items` into random order in place, every order equally likely (Fisher–Yates). */
  shuffle<Item>(items: Item[]): Item[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const item = items[last] as Item;
      items[last] = items[other] as Item;
      items[other] = item;
    }
    return items;
  }
}
