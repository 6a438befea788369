/**
 * What some peers may be sent while those who come first ask for more: a part of what these are sent. It is saved up
 * for two blocks at most.
 */
import { BLOCK_BYTES } from "./limits.ts";

export class ServeShare {
  readonly #part: number;
  #bytes = 0;

  /** @param part of what those who come first are sent: 1/10, say. */
  constructor(part: number) {
    this.#part = part;
  }

  /** Who comes first was sent `length` bytes. */
  grow(length: number): void {
    this.#bytes = Math.min(this.#bytes + length * this.#part, 2 * BLOCK_BYTES);
  }

  covers(length: number): boolean {
    return this.#bytes >= length;
  }

  use(length: number): void {
    this.#bytes = Math.max(0, this.#bytes - length);
  }
}
