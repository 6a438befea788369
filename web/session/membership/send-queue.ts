/**
 * What waits to be sent on one link: control messages, which are ready at once, and blocks, which are read first.
 *
 * Invariants
 *  1. Bytes leave in the order in which their places were taken, however late a block is read.
 *  2. What is handed to `send` is at most 64 KiB and alone in its buffer, which is given away.
 *  3. The bytes handed on are exactly those put in: the engine's credit adds up.
 */
import { CHANNEL_MESSAGE_BYTES } from "../../engine/limits.ts";

/** A place in the queue; `parts` is undefined while the block is being read. */
interface Place {
  parts: readonly Uint8Array[] | undefined;
}

export class SendQueue {
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => void;
  #places: Place[] = [];
  #closed = false;

  constructor(send: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#send = send;
  }

  /** Takes a place for bytes that are ready. */
  push(bytes: Uint8Array): void {
    this.#places.push({ parts: [bytes] });
  }

  /**
   * Takes a place for bytes that come later. The returned function fills it, once; with nothing, when they
   * could not be read. It does not send: call `flush`.
   */
  reserve(): (parts: readonly Uint8Array[]) => void {
    const place: Place = { parts: undefined };
    this.#places.push(place);
    return (parts) => {
      place.parts = parts;
    };
  }

  /** Sends everything up to the first place that is not filled yet, in as few channel messages as possible. */
  flush(): void {
    if (this.#closed) return;
    const ready: Uint8Array[] = [];
    let bytes = 0;
    let filled = 0;
    for (const place of this.#places) {
      if (place.parts === undefined) break;
      filled++;
      for (const part of place.parts) {
        ready.push(part);
        bytes += part.length;
      }
    }
    if (filled === 0) return;
    this.#places = this.#places.slice(filled);
    this.#sendAll(ready, bytes);
  }

  /** Forgets what waits; nothing is sent afterwards. */
  close(): void {
    this.#closed = true;
    this.#places = [];
  }

  #sendAll(parts: readonly Uint8Array[], bytes: number): void {
    let left = bytes;
    let message = new Uint8Array(Math.min(left, CHANNEL_MESSAGE_BYTES));
    let used = 0;
    for (const part of parts) {
      let taken = 0;
      while (taken < part.length) {
        const count = Math.min(part.length - taken, message.length - used);
        message.set(taken === 0 && count === part.length ? part : part.subarray(taken, taken + count), used);
        taken += count;
        used += count;
        if (used < message.length) continue;
        this.#send(message);
        left -= used;
        message = new Uint8Array(Math.min(left, CHANNEL_MESSAGE_BYTES));
        used = 0;
      }
    }
  }
}
