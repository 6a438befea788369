/**
 * Bencode, read from untrusted bytes and written in canonical form (BEP 3, BEP 52).
 *
 * Invariants
 *  1. Decoding is total: any bytes give a value or a reason; depth, tokens and digits are bounded, and no
 *     length prefix is believed before that many bytes are known to be there.
 *  2. Dictionary keys are byte strings (one character per byte), so two different keys never collapse, and
 *     entries keep the order that they have in the file.
 *  3. Every value knows where it stands, because an infohash is the hash of the original bytes.
 *  4. Numbers are exact: an integer beyond 2^53 is a bigint.
 *  5. Duplicate keys, leading zeros and -0 are never accepted. Keys out of order are (old v1 torrents have
 *     them); `isCanonical` tells.
 */
import { concatBytes } from "../bytes.ts";
import { MAX_BENCODE_DEPTH, MAX_BENCODE_INTEGER_DIGITS, MAX_BENCODE_TOKENS } from "../limits.ts";
import { fail, invariant, ok, type Result } from "../units.ts";
import { byteString, byteStringOf, fromByteString, fromUtf8, toUtf8 } from "./text.ts";

/** Where a value stands in the decoded bytes: from `start` up to, not including, `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface BencodeInteger extends Span {
  readonly type: "integer";
  /** A bigint exactly when a number would not be exact. */
  readonly value: number | bigint;
}

export interface BencodeBytes extends Span {
  readonly type: "bytes";
  /** A view into the decoded bytes. */
  readonly value: Uint8Array;
}

export interface BencodeList extends Span {
  readonly type: "list";
  readonly items: readonly Bencode[];
}

export interface BencodeDictionary extends Span {
  readonly type: "dictionary";
  /** By byte string, in file order. */
  readonly entries: ReadonlyMap<string, Bencode>;
  /** The keys ascend as raw bytes, here and in every dictionary below. */
  readonly isCanonical: boolean;
}

export type Bencode = BencodeInteger | BencodeBytes | BencodeList | BencodeDictionary;

export type BencodeReason =
  | "unexpected-end"
  | "unexpected-byte"
  | "trailing-bytes"
  | "integer-malformed"
  | "integer-too-long"
  | "length-malformed"
  | "duplicate-key"
  | "too-deep"
  | "too-many-tokens";

export interface Decoded {
  readonly value: Bencode;
  /** The keys of every dictionary ascend as raw bytes: encoding the value again gives the same bytes. */
  readonly isCanonical: boolean;
}

/** Reads exactly one value. */
export function decode(bytes: Uint8Array): Result<Decoded, BencodeReason> {
  const decoded = decodePrefix(bytes);
  if (decoded.ok && decoded.value.value.end !== bytes.length) return fail("trailing-bytes");
  return decoded;
}

/** Reads one value that other bytes may follow (BEP 9 data messages); its `end` says where they begin. */
export function decodePrefix(bytes: Uint8Array): Result<Decoded, BencodeReason> {
  const decoder = new Decoder(bytes);
  const value = decoder.value(0);
  if (value === undefined) return fail(decoder.reason);
  return ok({ value, isCanonical: decoder.isCanonical });
}

/** The value of an integer entry; undefined when it is absent, not an integer or beyond 2^53. */
export function integerAt(dictionary: BencodeDictionary, key: string): number | undefined {
  const entry = dictionary.entries.get(key);
  return entry?.type === "integer" && typeof entry.value === "number" ? entry.value : undefined;
}

/** The bytes of a string entry, as a view; undefined when it is absent or not a string. */
export function bytesAt(dictionary: BencodeDictionary, key: string): Uint8Array | undefined {
  const entry = dictionary.entries.get(key);
  return entry?.type === "bytes" ? entry.value : undefined;
}

/** A string entry read as UTF-8 (lenient). */
export function textAt(dictionary: BencodeDictionary, key: string): string | undefined {
  const bytes = bytesAt(dictionary, key);
  return bytes && fromUtf8(bytes);
}

export function listAt(dictionary: BencodeDictionary, key: string): BencodeList | undefined {
  const entry = dictionary.entries.get(key);
  return entry?.type === "list" ? entry : undefined;
}

export function dictionaryAt(dictionary: BencodeDictionary, key: string): BencodeDictionary | undefined {
  const entry = dictionary.entries.get(key);
  return entry?.type === "dictionary" ? entry : undefined;
}

const LETTER_D = 0x64;
const LETTER_E = 0x65;
const LETTER_I = 0x69;
const LETTER_L = 0x6c;
const MINUS = 0x2d;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** Makes its view when it is asked for: a torrent of 100,000 files has a million strings, and few are looked at. */
class ByteString implements BencodeBytes {
  readonly type = "bytes";
  readonly start: number;
  readonly end: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.start = start;
    this.end = end;
  }

  get value(): Uint8Array {
    return this.#bytes.subarray(this.#bytes.indexOf(COLON, this.start) + 1, this.end);
  }
}

/** A cursor over the bytes. Every method returns undefined once `reason` is set. */
class Decoder {
  isCanonical = true;
  reason: BencodeReason = "unexpected-end";
  readonly #bytes: Uint8Array;
  #at = 0;
  #contentAt = 0;
  #tokens = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number): Bencode | undefined {
    if (++this.#tokens > MAX_BENCODE_TOKENS) return this.#fail("too-many-tokens");
    const first = this.#bytes[this.#at];
    if (first === LETTER_I) return this.#integer();
    if (first === LETTER_L || first === LETTER_D) {
      if (depth >= MAX_BENCODE_DEPTH) return this.#fail("too-deep");
      return first === LETTER_L ? this.#list(depth) : this.#dictionary(depth);
    }
    return this.#string();
  }

  #fail(reason: BencodeReason): undefined {
    this.reason = reason;
  }

  #integer(): BencodeInteger | undefined {
    const start = this.#at++;
    const isNegative = this.#bytes[this.#at] === MINUS;
    if (isNegative) this.#at++;
    const firstDigit = this.#at;
    while (isDigit(this.#bytes[this.#at])) this.#at++;
    const digits = this.#at - firstDigit;
    if (this.#at >= this.#bytes.length) return this.#fail("unexpected-end");
    if (this.#bytes[this.#at] !== LETTER_E || digits === 0) return this.#fail("integer-malformed");
    if (this.#bytes[firstDigit] === ZERO && (digits > 1 || isNegative))
      return this.#fail("integer-malformed");
    if (digits > MAX_BENCODE_INTEGER_DIGITS) return this.#fail("integer-too-long");
    const text = byteString(this.#bytes.subarray(start + 1, this.#at++));
    const rounded = Number(text);
    const value = Number.isSafeInteger(rounded) ? rounded : BigInt(text);
    return { type: "integer", value, start, end: this.#at };
  }

  #string(): BencodeBytes | undefined {
    const start = this.#at;
    const end = this.#passString();
    return end === undefined ? undefined : new ByteString(this.#bytes, start, end);
  }

  /** A key, which is read far more often than it is looked at again. */
  #key(): string | undefined {
    const end = this.#passString();
    return end === undefined ? undefined : byteStringOf(this.#bytes, this.#contentAt, end);
  }

  /** Moves past a string, whose content begins at `#contentAt`. @returns where it ends. */
  #passString(): number | undefined {
    const start = this.#at;
    const first = this.#bytes[start];
    if (first === undefined) return this.#fail("unexpected-end");
    if (!isDigit(first)) return this.#fail("unexpected-byte");
    let length = 0;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === COLON) break;
      if (byte === undefined) return this.#fail("unexpected-end");
      if (!isDigit(byte)) return this.#fail("length-malformed");
      length = length * 10 + (byte - ZERO);
    }
    if (first === ZERO && this.#at - start > 2) return this.#fail("length-malformed");
    const end = this.#at + length;
    if (end > this.#bytes.length) return this.#fail("unexpected-end");
    this.#contentAt = this.#at;
    this.#at = end;
    return end;
  }

  #list(depth: number): BencodeList | undefined {
    const start = this.#at++;
    const items: Bencode[] = [];
    while (this.#bytes[this.#at] !== LETTER_E) {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { type: "list", items, start, end: ++this.#at };
  }

  #dictionary(depth: number): BencodeDictionary | undefined {
    const start = this.#at++;
    const outsideIsCanonical = this.isCanonical;
    this.isCanonical = true;
    const entries = new Map<string, Bencode>();
    let previous: string | undefined;
    while (this.#bytes[this.#at] !== LETTER_E) {
      const key = this.#key();
      if (key === undefined) return undefined;
      if (entries.has(key)) return this.#fail("duplicate-key");
      if (previous !== undefined && key < previous) this.isCanonical = false;
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      entries.set(key, value);
      previous = key;
    }
    const { isCanonical } = this;
    this.isCanonical = outsideIsCanonical && isCanonical;
    return { type: "dictionary", entries, isCanonical, start, end: ++this.#at };
  }
}

/**
 * What can be written. Text is written as UTF-8. Keys are byte strings, which plain ASCII names are; entries
 * that are undefined are left out.
 */
export type Bencodable =
  | number
  | bigint
  | string
  | Uint8Array
  | Encoded
  | readonly Bencodable[]
  | ReadonlyMap<string, Bencodable>
  | { readonly [key: string]: Bencodable | undefined };

/** A value that is bencode already, and is written as it is: an info dictionary keeps its bytes. */
export class Encoded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** Writes canonical bencode: keys ascend as raw bytes. */
export function encode(value: Bencodable): Uint8Array {
  const parts: Uint8Array[] = [];
  write(value, parts);
  return concatBytes(parts);
}

function write(value: Bencodable, parts: Uint8Array[]): void {
  if (typeof value === "number" || typeof value === "bigint") {
    invariant(typeof value === "bigint" || Number.isSafeInteger(value), "bencode has exact integers only");
    parts.push(fromByteString(`i${value}e`));
  } else if (typeof value === "string") {
    writeString(toUtf8(value), parts);
  } else if (value instanceof Uint8Array) {
    writeString(value, parts);
  } else if (value instanceof Encoded) {
    parts.push(value.bytes);
  } else if (isList(value)) {
    parts.push(fromByteString("l"));
    for (const item of value) write(item, parts);
    parts.push(fromByteString("e"));
  } else {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    entries.sort(([left], [right]) => (left < right ? -1 : 1));
    parts.push(fromByteString("d"));
    for (const [key, entry] of entries) {
      if (entry === undefined) continue;
      writeString(fromByteString(key), parts);
      write(entry, parts);
    }
    parts.push(fromByteString("e"));
  }
}

function writeString(bytes: Uint8Array, parts: Uint8Array[]): void {
  parts.push(fromByteString(`${bytes.length}:`), bytes);
}

/** `Array.isArray` does not narrow a readonly array. */
function isList(value: Bencodable): value is readonly Bencodable[] {
  return Array.isArray(value);
}
