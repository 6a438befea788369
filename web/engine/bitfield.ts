/**
 * A packed piece map in wire order: bit 7 of byte 0 is piece 0 (BEP 3).
 *
 * Invariants
 *  1. Spare bits after the last piece are zero.
 *  2. `count` is the number of set bits.
 */
export class Bitfield {
  readonly length: number;
  readonly #bytes: Uint8Array;
  /** The same bytes and up to three more, to look at 32 pieces at a time. */
  readonly #words: Uint32Array;
  #count = 0;

  constructor(length: number) {
    this.length = length;
    this.#words = new Uint32Array(Math.ceil(length / 32));
    this.#bytes = new Uint8Array(this.#words.buffer, 0, Math.ceil(length / 8));
  }

  static full(length: number): Bitfield {
    const field = new Bitfield(length);
    field.#bytes.fill(0xff);
    const spare = field.#bytes.length * 8 - length;
    if (spare > 0) field.#bytes[field.#bytes.length - 1] = (0xff << spare) & 0xff;
    field.#count = length;
    return field;
  }

  /** Copies `bytes`; undefined when their number is wrong or a spare bit is set, which must close a link (BEP 3). */
  static fromBytes(bytes: Uint8Array, length: number): Bitfield | undefined {
    if (bytes.length !== Math.ceil(length / 8)) return undefined;
    const spare = bytes.length * 8 - length;
    const last = bytes[bytes.length - 1] ?? 0;
    if ((last & ((1 << spare) - 1)) !== 0) return undefined;
    const field = new Bitfield(length);
    field.#bytes.set(bytes);
    for (const byte of bytes) field.#count += bitsInByte(byte);
    return field;
  }

  /** Number of pieces in the map. */
  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.length;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  has(index: number): boolean {
    return ((this.#bytes[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
  }

  /** True if the bit was not set before. */
  set(index: number): boolean {
    if (index < 0 || index >= this.length || this.has(index)) return false;
    this.#bytes[index >> 3] = (this.#bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
    this.#count++;
    return true;
  }

  /** True if the bit was set before. */
  clear(index: number): boolean {
    if (!this.has(index)) return false;
    this.#bytes[index >> 3] = (this.#bytes[index >> 3] ?? 0) & ~(0x80 >> (index & 7));
    this.#count--;
    return true;
  }

  /** Indices of the set bits, ascending. */
  *[Symbol.iterator](): Generator<number> {
    for (let index = 0; index < this.length; index++) if (this.has(index)) yield index;
  }

  /** Indices that are set here and in `other`, of the same length: from about `start` to the end, then from the beginning. */
  *common(other: Bitfield, start: number): Generator<number> {
    const size = this.#words.length;
    for (let step = 0; step < size; step++) {
      const word = ((start >> 5) + step) % size;
      if (((this.#words[word] ?? 0) & (other.#words[word] ?? 0)) === 0) continue;
      const end = Math.min(this.length, (word + 1) * 32);
      for (let index = word * 32; index < end; index++) {
        if (this.has(index) && other.has(index)) yield index;
      }
    }
  }

  clone(): Bitfield {
    const copy = new Bitfield(this.length);
    copy.#bytes.set(this.#bytes);
    copy.#count = this.#count;
    return copy;
  }

  /** A copy in wire order. */
  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }
}

function bitsInByte(byte: number): number {
  let bits = byte;
  let count = 0;
  while (bits !== 0) {
    bits &= bits - 1;
    count++;
  }
  return count;
}
