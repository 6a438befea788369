/**
 * Collects the orders of one step. Messages to one link that follow each other become one `send`, in one array.
 *
 * They are written one behind the other into a buffer that is kept, and leave it as a copy of just their length.
 */
import type { Output } from "./io.ts";
import type { Peer } from "./peer.ts";
import type { LinkId, Millis } from "./units.ts";
import { encodedBytes, type SendableMessage, writeMessage } from "./wire/encoder.ts";

const NOTHING: readonly Output[] = [];

/** Room for the messages of most steps, bytes. */
const USUAL_BYTES = 256;

export class Outbox {
  #outputs: Output[] | undefined;
  /** What goes to `#link` next. */
  #written = new Uint8Array(USUAL_BYTES);
  #writtenBytes = 0;
  #link: LinkId | undefined;

  send(peer: Peer, message: SendableMessage, now: Millis): void {
    const at = this.#address(peer, encodedBytes(message), now);
    writeMessage(this.#written, at, message);
  }

  /** @param bytes the first thing that is sent to the peer. */
  sendHandshake(peer: Peer, bytes: Uint8Array, now: Millis): void {
    const at = this.#address(peer, bytes.length, now);
    this.#written.set(bytes, at);
  }

  push(output: Output): void {
    this.#close();
    this.#add(output);
  }

  /** All orders since the last call, in order. */
  take(): readonly Output[] {
    this.#close();
    const outputs = this.#outputs ?? NOTHING;
    this.#outputs = undefined;
    return outputs;
  }

  /** Makes room for `count` bytes to the peer. @returns where they begin. */
  #address(peer: Peer, count: number, now: Millis): number {
    peer.unflushedBytes += count;
    peer.lastSentAt = now;
    if (this.#link !== peer.link) {
      this.#close();
      this.#link = peer.link;
    }
    const at = this.#writtenBytes;
    this.#writtenBytes += count;
    if (this.#writtenBytes > this.#written.length) this.#grow(at);
    return at;
  }

  #grow(writtenBytes: number): void {
    const written = new Uint8Array(Math.max(2 * this.#written.length, this.#writtenBytes));
    written.set(this.#written.subarray(0, writtenBytes));
    this.#written = written;
  }

  #close(): void {
    if (this.#link === undefined) return;
    const link = this.#link;
    const bytes = this.#written.slice(0, this.#writtenBytes);
    this.#link = undefined;
    this.#writtenBytes = 0;
    if (this.#written.length > USUAL_BYTES) this.#written = new Uint8Array(USUAL_BYTES);
    this.#add({ type: "send", link, bytes });
  }

  /** Most steps give one order: an array of one is made as such, as one that grows begins with room for many. */
  #add(output: Output): void {
    if (this.#outputs === undefined) this.#outputs = [output];
    else this.#outputs.push(output);
  }
}
