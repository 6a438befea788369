/**
 * Collects the orders of one step. Messages to one link that follow each other become one `send`.
 */
import { concatBytes } from "./bytes.ts";
import type { Output } from "./io.ts";
import type { Peer } from "./peer.ts";
import type { LinkId, Millis } from "./units.ts";
import { encodeMessage, type SendableMessage } from "./wire/encoder.ts";

const NOTHING: readonly Output[] = [];

export class Outbox {
  #outputs: Output[] = [];
  #open: { readonly link: LinkId; readonly parts: Uint8Array[] } | undefined;

  send(peer: Peer, message: SendableMessage, now: Millis): void {
    this.sendBytes(peer, encodeMessage(message), now);
  }

  sendBytes(peer: Peer, bytes: Uint8Array, now: Millis): void {
    peer.unflushedBytes += bytes.length;
    peer.lastSentAt = now;
    if (this.#open?.link !== peer.link) {
      this.#close();
      this.#open = { link: peer.link, parts: [] };
    }
    this.#open.parts.push(bytes);
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

  #close(): void {
    if (this.#open === undefined) return;
    const { link, parts } = this.#open;
    this.#open = undefined;
    const [first, ...more] = parts;
    if (first === undefined) return;
    const bytes = more.length === 0 ? first : concatBytes(parts);
    this.#outputs.push({ type: "send", link, bytes });
  }
}
