/** A machine's way out: bytes leave one after another at its rate. Times in milliseconds. */
export class Uplink {
  /** All bytes that left or are to leave. */
  sentBytes = 0;
  readonly #bytesPerSecond: number;
  #freeAt = 0;
  #aheadFreeAt = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** @returns when it has left, behind all that was to be sent before. */
  send(size: number, now: number): number {
    this.sentBytes += size;
    this.#freeAt = Math.max(now, this.#freeAt) + (size * 1000) / this.#bytesPerSecond;
    return this.#freeAt;
  }

  /** What is small passes between the packets of a block that is being sent, and delays what waits. */
  sendAhead(size: number, now: number): number {
    this.send(size, now);
    this.#aheadFreeAt = Math.max(now, this.#aheadFreeAt) + (size * 1000) / this.#bytesPerSecond;
    return this.#aheadFreeAt;
  }
}
