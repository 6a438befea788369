/**
 * Letters as bytes, for another thread. A block is its header alone: whoever reads it knows the content.
 *
 * Each is its kind (1 byte), when it is due (float64, ms), then its numbers (uint32 or float64) and bytes behind their length.
 */
import { PIECE_HEADER_BYTES } from "../engine/limits.ts";
import { linkId } from "../engine/units.ts";
import type { Letter } from "./letter.ts";

const KINDS = [
  "messages",
  "block",
  "backlog",
  "closed",
  "offer",
  "accepted",
  "refused",
  "left",
] as const satisfies readonly Letter["type"][];
const kindOf = Object.fromEntries(KINDS.map((kind, index) => [kind, index])) as Record<
  Letter["type"],
  number
>;

/** Longest record without its bytes. */
const MOST_BYTES = 64;

export class LetterWriter {
  #bytes = new Uint8Array(1 << 14);
  #view = new DataView(this.#bytes.buffer);
  #size = 0;

  write(at: number, letter: Letter): void {
    this.#reserve(letter.type === "messages" ? letter.bytes.length : 0);
    this.#view.setUint8(this.#size, kindOf[letter.type]);
    this.#size += 1;
    this.#float64(at);
    this.#uint32(letter.type === "left" ? letter.machine : letter.to);
    switch (letter.type) {
      case "messages":
        this.#uint32(letter.bytes.length);
        this.#put(letter.bytes);
        break;
      case "block":
        this.#uint32(letter.message.length - PIECE_HEADER_BYTES);
        this.#put(letter.message.subarray(0, PIECE_HEADER_BYTES));
        break;
      case "backlog":
        this.#float64(letter.until);
        break;
      case "offer":
        this.#uint32(letter.from);
        this.#uint32(letter.link);
        this.#float64(letter.downBytesPerSecond);
        break;
      case "accepted":
        this.#uint32(letter.link);
        this.#float64(letter.downBytesPerSecond);
        break;
      case "closed":
      case "refused":
      case "left":
        break;
    }
  }

  /** All that was written since the last time; a view that the next `write` overwrites. */
  take(): Uint8Array {
    const written = this.#bytes.subarray(0, this.#size);
    this.#size = 0;
    return written;
  }

  #reserve(more: number): void {
    const needed = this.#size + MOST_BYTES + more;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(2 * needed);
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  #uint32(value: number): void {
    this.#view.setUint32(this.#size, value);
    this.#size += 4;
  }

  #float64(value: number): void {
    this.#view.setFloat64(this.#size, value);
    this.#size += 8;
  }

  #put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#size);
    this.#size += bytes.length;
  }
}

/** The whole `piece` message of which these are header and length. */
export type BlockOf = (piece: number, begin: number, length: number) => Uint8Array;

/** Hands over each letter with the time at which it is due, in the order of writing. Messages are views of `bytes`. */
export function readLetters(
  bytes: Uint8Array,
  blockOf: BlockOf,
  take: (at: number, letter: Letter) => void,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const uint32 = () => {
    at += 4;
    return view.getUint32(at - 4);
  };
  const float64 = () => {
    at += 8;
    return view.getFloat64(at - 8);
  };
  const read = (type: Letter["type"], number: number): Letter => {
    const to = linkId(number);
    switch (type) {
      case "messages": {
        const length = uint32();
        at += length;
        return { type, to, bytes: bytes.subarray(at - length, at) };
      }
      case "block": {
        const length = uint32();
        at += PIECE_HEADER_BYTES;
        const piece = view.getUint32(at - 8);
        return { type, to, message: blockOf(piece, view.getUint32(at - 4), length) };
      }
      case "backlog":
        return { type, to, until: float64() };
      case "offer":
        return { type, to, from: uint32(), link: linkId(uint32()), downBytesPerSecond: float64() };
      case "accepted":
        return { type, to, link: linkId(uint32()), downBytesPerSecond: float64() };
      case "closed":
      case "refused":
        return { type, to };
      case "left":
        return { type, machine: number };
    }
  };
  while (at < bytes.length) {
    const type = KINDS[view.getUint8(at++)] ?? "left";
    const due = float64();
    take(due, read(type, uint32()));
  }
}
