/**
 * Feeds a data channel no faster than it drains, and says when bytes have left.
 *
 * Invariants
 *  1. Bytes go out complete and in order; a send that fails is tried again.
 *  2. No message is longer than the other end takes.
 *  3. Nothing is handed over while HIGH_WATER_BYTES or more wait in the channel.
 *  4. Handed-over bytes are reported as flushed once, when LOW_WATER_BYTES or less wait.
 */
import { millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { HIGH_WATER_BYTES, LOW_WATER_BYTES, SEND_RETRY_MS } from "./limits.ts";

/** What of an RTCDataChannel it takes to send. */
export type SendingChannel = Pick<
  RTCDataChannel,
  "bufferedAmount" | "bufferedAmountLowThreshold" | "onbufferedamountlow" | "send"
>;

export interface ChannelSenderEvents {
  onFlushed(count: number): void;
  /** The channel takes nothing any more. */
  onBroken(): void;
}

export class ChannelSender {
  readonly #channel: SendingChannel;
  readonly #maxMessageBytes: number;
  readonly #clock: Clock;
  readonly #events: ChannelSenderEvents;
  #queue: Uint8Array<ArrayBuffer>[] = [];
  #unreported = 0;
  #reportDue = false;
  #cancelRetry: (() => void) | undefined;

  constructor(channel: SendingChannel, maxMessageBytes: number, clock: Clock, events: ChannelSenderEvents) {
    this.#channel = channel;
    this.#maxMessageBytes = maxMessageBytes;
    this.#clock = clock;
    this.#events = events;
    channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
    channel.onbufferedamountlow = () => {
      this.#report();
      this.#pump();
    };
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    for (let at = 0; at < bytes.length; at += this.#maxMessageBytes) {
      this.#queue.push(bytes.subarray(at, at + this.#maxMessageBytes));
    }
    this.#pump();
  }

  /** Forgets what waits; nothing is reported afterwards. */
  stop(): void {
    this.#channel.onbufferedamountlow = null;
    this.#cancelRetry?.();
    this.#queue = [];
    this.#unreported = 0;
  }

  #pump(): void {
    let sent = 0;
    for (const message of this.#queue) {
      if (this.#channel.bufferedAmount >= HIGH_WATER_BYTES || !this.#handOver(message)) break;
      sent++;
    }
    this.#queue.splice(0, sent);
    this.#reportSoon();
  }

  #handOver(message: Uint8Array<ArrayBuffer>): boolean {
    try {
      this.#channel.send(message);
    } catch (error) {
      this.#onSendFailed(error);
      return false;
    }
    this.#unreported += message.length;
    return true;
  }

  /** A full queue (OperationError) drains: its event, or a timer when there is nothing to drain, tries again. */
  #onSendFailed(error: unknown): void {
    if (!(error instanceof DOMException && error.name === "OperationError")) {
      this.#events.onBroken();
    } else if (this.#channel.bufferedAmount <= LOW_WATER_BYTES) {
      this.#cancelRetry?.();
      this.#cancelRetry = this.#clock.at(millis(this.#clock.now() + SEND_RETRY_MS), () => this.#pump());
    }
  }

  /** One report for everything that is sent in one go. */
  #reportSoon(): void {
    if (this.#reportDue || this.#unreported === 0) return;
    this.#reportDue = true;
    queueMicrotask(() => {
      this.#reportDue = false;
      if (this.#channel.bufferedAmount <= LOW_WATER_BYTES) this.#report();
    });
  }

  #report(): void {
    const count = this.#unreported;
    this.#unreported = 0;
    if (count > 0) this.#events.onFlushed(count);
  }
}
