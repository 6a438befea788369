const HASH_BYTES = { "SHA-256": 32, "SHA-1": 20 };

/**
 * The digests of one run of byte arrays by the browser, which works on several threads.
 *
 * Invariants
 *  1. At most `limit` arrays are with the browser, so memory is flat for a run of any length.
 *  2. Hashes come in the order of the arrays, however the digests settle.
 */
export class DigestRun {
  readonly #algorithm: keyof typeof HASH_BYTES;
  readonly #limit: number;
  readonly #hashes: Uint8Array;
  readonly #failures: unknown[] = [];
  #end = 0;
  #inFlight = 0;
  #onSettled: () => void = () => {};

  /** @param count how many arrays the run has. */
  constructor(algorithm: keyof typeof HASH_BYTES, count: number, limit: number) {
    this.#algorithm = algorithm;
    this.#limit = limit;
    this.#hashes = new Uint8Array(count * HASH_BYTES[algorithm]);
  }

  /** Takes the next array as soon as there is room for it. The browser has copied it when this settles. */
  async add(bytes: Uint8Array): Promise<void> {
    while (this.#inFlight >= this.#limit) await this.#oneSettled();
    const at = this.#end;
    this.#end += HASH_BYTES[this.#algorithm];
    this.#inFlight++;
    // Never shared memory, which is all that the wider type would allow.
    crypto.subtle
      .digest(this.#algorithm, bytes as Uint8Array<ArrayBuffer>)
      .then(
        (hash) => this.#hashes.set(new Uint8Array(hash), at),
        (failure) => this.#failures.push(failure),
      )
      .finally(() => {
        this.#inFlight--;
        this.#onSettled();
      });
  }

  /** The hashes of all arrays, one after another. */
  async finish(): Promise<Uint8Array> {
    while (this.#inFlight > 0) await this.#oneSettled();
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#hashes;
  }

  #oneSettled(): Promise<void> {
    return new Promise((resolve) => {
      this.#onSettled = resolve;
    });
  }
}
