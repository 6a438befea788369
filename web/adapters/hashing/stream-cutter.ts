/**
 * Cuts a stream of chunks of any length into parts of one length, the last of them short. Copies only where a part spans
 * chunks; the array of such a part is used again for the next.
 */
export class StreamCutter {
  readonly #onPart: (part: Uint8Array) => Promise<void>;
  readonly #rest: Uint8Array;
  #restBytes = 0;

  /** @param onPart must be done with the part when it settles. */
  constructor(partBytes: number, onPart: (part: Uint8Array) => Promise<void>) {
    this.#rest = new Uint8Array(partBytes);
    this.#onPart = onPart;
  }

  async write(chunk: Uint8Array): Promise<void> {
    const partBytes = this.#rest.length;
    let begin = 0;
    if (this.#restBytes > 0) {
      begin = Math.min(partBytes - this.#restBytes, chunk.length);
      this.#rest.set(chunk.subarray(0, begin), this.#restBytes);
      this.#restBytes += begin;
      if (this.#restBytes < partBytes) return;
      await this.#onPart(this.#rest);
    }
    for (; begin + partBytes <= chunk.length; begin += partBytes) {
      await this.#onPart(chunk.subarray(begin, begin + partBytes));
    }
    this.#rest.set(chunk.subarray(begin));
    this.#restBytes = chunk.length - begin;
  }

  async end(): Promise<void> {
    if (this.#restBytes > 0) await this.#onPart(this.#rest.subarray(0, this.#restBytes));
  }
}
