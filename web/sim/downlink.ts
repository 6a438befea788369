/** A machine's way in: bytes come through one after another at its rate. Times in milliseconds. */
export class Downlink {
  readonly bytesPerSecond: number;
  #freeAt = 0;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** @returns when bytes that arrive at `now` have come through. */
  pass(size: number, now: number): number {
    this.#freeAt = Math.max(now, this.#freeAt) + (size * 1000) / this.bytesPerSecond;
    return this.#freeAt;
  }
}
