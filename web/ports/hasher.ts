/** Hashing that may run on other threads. */
export interface Hasher {
  /**
   * SHA-256 of every 16 KiB block of `bytes`, the last one short and not padded (BEP 52 leaves).
   * Many digests are in flight at once. `bytes` must not change until the promise settles.
   * @returns 32 bytes for each block, in order.
   */
  leaves(bytes: Uint8Array): Promise<Uint8Array>;
  /** SHA-1 of `bytes` with `padding` zeros behind them, 20 bytes (BEP 3, BEP 47). The same holds for `bytes`. */
  sha1(bytes: Uint8Array, padding: number): Promise<Uint8Array>;
}
