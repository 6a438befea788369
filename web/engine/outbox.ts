/**
 * Collects the orders of one step. Messages to one link that follow each other become one `send`, in one array.
 */
import { concatBytes } from "./bytes.ts";
import type { Output } from "./io.ts";
import type { Peer } from "./peer.ts";
import type { LinkId, Millis } from "./units.ts";
import { encodedBytes, encodeMessages, type SendableMessage } from "./wire/encoder.ts";

const NOTHING: readonly Output[] = [];

export class Outbox {
  #outputs: Output[] = [];
  /** What goes to `#link` next: a handshake, and messages after it. */
  #handshake: Uint8Array | undefined;
  readonly #messages: SendableMessage[] = [];
  #link: LinkId | undefined;

  send(peer: Peer, message: SendableMessage, now: Millis): void {
    this.#address(peer, encodedBytes(message), now);
    this.#messages.push(message);
  }

  /** @param bytes the first thing that is sent to the peer. */
  sendHandshake(peer: Peer, bytes: Uint8Array, now: Millis): void {
    this.#address(peer, bytes.length, now);
    this.#handshake = bytes;
  }

  push(output: Output): void {
    this.#close();
    this.#outputs.push(output);
  }

  /** All orders since the last call, in order. */
  take(): readonly Output[] {
    this.#close();
    if (this.#outputs.length === 0) return NOTHING;
    const outputs = this.#outputs;
    this.#outputs = [];
    return outputs;
  }

  #address(peer: Peer, count: number, now: Millis): void {
    peer.unflushedBytes += count;
    peer.lastSentAt = now;
    if (this.#link === peer.link) return;
    this.#close();
    this.#link = peer.link;
  }

  #close(): void {
    if (this.#link === undefined) return;
    const link = this.#link;
    const handshake = this.#handshake;
    const messages = encodeMessages(this.#messages);
    this.#link = undefined;
    this.#handshake = undefined;
    this.#messages.length = 0;
    const bytes = handshake === undefined ? messages : concatBytes([handshake, messages]);
    this.#outputs.push({ type: "send", link, bytes });
  }
}
