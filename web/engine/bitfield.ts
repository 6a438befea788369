/**
 * A packed piece map in wire order: bit 7 of byte 0 is piece 0 (BEP 3).
 *
 * Invariants
 *  1. Spare bits after the last piece are zero.
 *  2. `count` is the number of set bits.
 */
export class Bitfield {
  readonly length: number;
  /** 32 pieces each: the four bytes of the wire, the first one lowest. */
  readonly #words: Int32Array;
  #count = 0;

  constructor(length: number) {
    this.length = length;
    this.#words = new Int32Array(Math.ceil(length / 32));
  }

  static full(length: number): Bitfield {
    const field = new Bitfield(length);
    field.#words.fill(-1);
    field.#count = length;
    if (length % 32 === 0) return field;
    const last = length >> 5;
    field.#words[last] = 0;
    for (let index = last * 32; index < length; index++) field.#put(index);
    return field;
  }

  /** Copies `bytes`; undefined when their number is wrong or a spare bit is set, which must close a link (BEP 3). */
  static fromBytes(bytes: Uint8Array, length: number): Bitfield | undefined {
    if (bytes.length !== Math.ceil(length / 8)) return undefined;
    const spare = bytes.length * 8 - length;
    const last = bytes[bytes.length - 1] ?? 0;
    if ((last & ((1 << spare) - 1)) !== 0) return undefined;
    const field = new Bitfield(length);
    for (const [at, byte] of bytes.entries()) {
      field.#words[at >> 2] = (field.#words[at >> 2] ?? 0) | (byte << ((at & 3) * 8));
      field.#count += bitsInByte(byte);
    }
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
    return ((this.#words[index >> 5] ?? 0) & bitOf(index)) !== 0;
  }

  /** True if the bit was not set before. */
  set(index: number): boolean {
    if (index < 0 || index >= this.length || this.has(index)) return false;
    this.#put(index);
    this.#count++;
    return true;
  }

  /** True if the bit was set before. */
  clear(index: number): boolean {
    if (!this.has(index)) return false;
    this.#words[index >> 5] = (this.#words[index >> 5] ?? 0) & ~bitOf(index);
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
    copy.#words.set(this.#words);
    copy.#count = this.#count;
    return copy;
  }

  /** A copy in wire order. */
  toBytes(): Uint8Array {
    return Uint8Array.from(
      { length: Math.ceil(this.length / 8) },
      (_, at) => (this.#words[at >> 2] ?? 0) >>> ((at & 3) * 8),
    );
  }

  #put(index: number): void {
    this.#words[index >> 5] = (this.#words[index >> 5] ?? 0) | bitOf(index);
  }
}

/** The bit of a piece in its word. */
function bitOf(index: number): number {
  return 1 << ((index & 31) ^ 7);
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
