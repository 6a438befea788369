/**
 * Feeds a data channel no faster than it drains, and says when bytes have left.
 *
 * Invariants
 *  1. Bytes go out complete and in order; a send that fails is tried again.
 *  2. No message is longer than the other end takes.
 *  3. Nothing is handed over while HIGH_WATER_BYTES or more wait in the channel.
 *  4. Handed-over bytes are reported as flushed once, when no more than the low water mark (low-water.ts) wait:
 *     REPORT_BYTES at once, fewer within LOOK_AGAIN_MIN_MS.
 *  5. While bytes wait to be sent or reported, it looks again by itself. Chromium (156) at times says nothing of
 *     a channel that has drained, and leaves `bufferedAmount` where it was, until something more is sent: an
 *     empty message, which the other end ignores, makes it count again.
 */
import { millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { HIGH_WATER_BYTES, LOOK_AGAIN_MAX_MS, LOOK_AGAIN_MIN_MS, REPORT_BYTES } from "./limits.ts";
import { LowWater } from "./low-water.ts";

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
  readonly #lowWater = new LowWater();
  #queue: Uint8Array<ArrayBuffer>[] = [];
  #unreported = 0;
  #reportDue = false;
  #lookAgainMs = LOOK_AGAIN_MIN_MS;
  #cancelLook: (() => void) | undefined;

  constructor(channel: SendingChannel, maxMessageBytes: number, clock: Clock, events: ChannelSenderEvents) {
    this.#channel = channel;
    this.#maxMessageBytes = maxMessageBytes;
    this.#clock = clock;
    this.#events = events;
    channel.bufferedAmountLowThreshold = this.#lowWater.bytes;
    channel.onbufferedamountlow = () => {
      this.#look();
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
    this.#cancelLook?.();
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
    this.#lookAgainLater();
  }

  #handOver(message: Uint8Array<ArrayBuffer>): boolean {
    try {
      this.#channel.send(message);
    } catch (error) {
      // A full queue (OperationError) drains: that is a matter of time. Anything else is not.
      if (!(error instanceof DOMException && error.name === "OperationError")) this.#events.onBroken();
      return false;
    }
    this.#unreported += message.length;
    this.#lowWater.onHanded(message.length);
    return true;
  }

  #look(): void {
    if (this.#lowWater.look(this.#channel.bufferedAmount, this.#clock.now()))
      this.#channel.bufferedAmountLowThreshold = this.#lowWater.bytes;
  }

  #lookAgainLater(): void {
    const waiting = this.#queue.length > 0 || this.#unreported > 0;
    if (!waiting || this.#cancelLook) return;
    const before = this.#channel.bufferedAmount;
    this.#cancelLook = this.#clock.at(millis(this.#clock.now() + this.#lookAgainMs), () => {
      this.#cancelLook = undefined;
      const stuck = before > this.#lowWater.bytes && this.#channel.bufferedAmount === before;
      // A slow network looks the same for a while, so the looks grow rarer until something moves.
      this.#lookAgainMs = stuck ? Math.min(2 * this.#lookAgainMs, LOOK_AGAIN_MAX_MS) : LOOK_AGAIN_MIN_MS;
      if (stuck) this.#handOver(new Uint8Array(0));
      this.#look();
      if (this.#channel.bufferedAmount <= this.#lowWater.bytes) this.#report();
      this.#pump();
    });
  }

  /** One report for everything that is sent in one go; small messages wait for the next look. */
  #reportSoon(): void {
    if (this.#reportDue || this.#unreported < REPORT_BYTES) return;
    this.#reportDue = true;
    queueMicrotask(() => {
      this.#reportDue = false;
      if (this.#channel.bufferedAmount <= this.#lowWater.bytes) this.#report();
    });
  }

  #report(): void {
    const count = this.#unreported;
    this.#unreported = 0;
    if (count > 0) this.#events.onFlushed(count);
  }
}
