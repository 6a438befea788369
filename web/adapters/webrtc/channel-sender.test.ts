import { describe, expect, it } from "vitest";
import { ManualClock } from "../../ports/manual-clock.ts";
import { ChannelSender, type SendingChannel } from "./channel-sender.ts";
import {
  FIRST_LOW_WATER_BYTES,
  HIGH_WATER_BYTES,
  LOOK_AGAIN_MAX_MS,
  LOOK_AGAIN_MIN_MS,
  LOW_WATER_MS,
  MAX_LOW_WATER_BYTES,
} from "./limits.ts";

const KIB = 1024;

/** A channel whose network moves only when told to. */
class ScriptedChannel implements SendingChannel {
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onbufferedamountlow: SendingChannel["onbufferedamountlow"] = null;
  readonly sent: Uint8Array[] = [];
  failure: DOMException | undefined;
  /** What left goes unsaid until the next send: Chromium's fault. */
  silent = false;
  #unsaid = 0;

  readonly send = (data: unknown): void => {
    if (this.failure) throw this.failure;
    if (this.silent) {
      this.silent = false;
      queueMicrotask(() => this.drain(this.#unsaid));
    }
    if (!(data instanceof Uint8Array)) throw new TypeError("only byte arrays are sent");
    this.sent.push(data.slice());
    this.bufferedAmount += data.length;
  };

  /** Lets `count` bytes leave, with the event that the platform raises when that crosses the threshold. */
  drain(count: number): void {
    this.#unsaid = this.silent ? this.#unsaid + count : 0;
    if (this.silent) return;
    const before = this.bufferedAmount;
    this.bufferedAmount = Math.max(0, before - count);
    const crossed =
      before > this.bufferedAmountLowThreshold && this.bufferedAmount <= this.bufferedAmountLowThreshold;
    const handler: unknown = this.onbufferedamountlow;
    if (crossed && typeof handler === "function") handler(new Event("bufferedamountlow"));
  }

  get bytes(): number[] {
    return this.sent.flatMap((message) => [...message]);
  }
}

function sending(maxMessageBytes = 64 * KIB) {
  const channel = new ScriptedChannel();
  const clock = new ManualClock();
  const flushed: number[] = [];
  const state = { broken: false };
  const sender = new ChannelSender(channel, maxMessageBytes, clock, {
    onFlushed: (count) => flushed.push(count),
    onBroken: () => {
      state.broken = true;
    },
  });
  return { channel, clock, flushed, state, sender };
}

const microtasks = () => Promise.resolve();
const block = (length = 64 * KIB) => new Uint8Array(length);

describe("sending on a channel", () => {
  it("reports bytes as flushed at once while the channel is nearly empty, once for all sent in one go", async () => {
    const { flushed, sender } = sending();
    sender.send(block(10));
    sender.send(block());
    await microtasks();
    expect(flushed).toEqual([10 + 64 * KIB]);
  });

  it("reports a few bytes with the next look, not each time at once", async () => {
    const { clock, flushed, sender } = sending();
    sender.send(block(10));
    sender.send(block(20));
    await microtasks();
    expect(flushed).toEqual([]);
    clock.advance(LOOK_AGAIN_MIN_MS);
    expect(flushed).toEqual([30]);
  });

  it("holds back at the high water mark and goes on when the channel has drained", async () => {
    const { channel, flushed, sender } = sending();
    for (let i = 0; i < 24; i++) sender.send(block());
    expect(channel.bufferedAmount).toBe(HIGH_WATER_BYTES);
    await microtasks();
    expect(flushed).toEqual([]);
    channel.drain(HIGH_WATER_BYTES - FIRST_LOW_WATER_BYTES);
    expect(flushed).toEqual([HIGH_WATER_BYTES]);
    expect(channel.bufferedAmount).toBe(FIRST_LOW_WATER_BYTES + 8 * 64 * KIB);
    channel.drain(HIGH_WATER_BYTES);
    expect(flushed).toEqual([HIGH_WATER_BYTES, 8 * 64 * KIB]);
  });

  it("cuts what is longer than the other end takes, and loses nothing of it", () => {
    const { channel, sender } = sending(1000);
    const bytes = Uint8Array.from({ length: 2500 }, (_, i) => i);
    sender.send(bytes);
    expect(channel.sent.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(channel.bytes).toEqual([...bytes]);
  });

  it("tries again after the channel was full, in the same order", () => {
    const { channel, clock, sender, state } = sending();
    channel.failure = new DOMException("send queue is full", "OperationError");
    sender.send(Uint8Array.of(1, 2));
    sender.send(Uint8Array.of(3));
    expect(channel.sent).toEqual([]);
    channel.failure = undefined;
    clock.advance(LOOK_AGAIN_MIN_MS);
    expect(channel.bytes).toEqual([1, 2, 3]);
    expect(state.broken).toBe(false);
  });

  it("wakes a channel that has drained without saying so, by an empty message", async () => {
    const { channel, clock, flushed, sender } = sending();
    for (let i = 0; i < 24; i++) sender.send(block());
    channel.silent = true;
    channel.drain(HIGH_WATER_BYTES);
    expect(channel.bufferedAmount).toBe(HIGH_WATER_BYTES);
    clock.advance(2 * LOOK_AGAIN_MIN_MS);
    expect(channel.sent[16]).toHaveLength(0);
    await microtasks();
    expect(flushed).toEqual([HIGH_WATER_BYTES]);
    expect(channel.bytes).toHaveLength(24 * 64 * KIB);
  });

  it("counts as flushed all but what a slow network takes LOW_WATER_MS for, so that little is beyond recall", () => {
    const { channel, clock, flushed, sender } = sending();
    const bytesPerMs = 300;
    for (let i = 0; i < 8; i++) sender.send(block());
    let unreportedMs = 0;
    for (let now = 0; now < 3_000 && flushed.length === 0; now += 10) {
      clock.advance(10);
      channel.drain(10 * bytesPerMs);
      if (flushed.length === 0) unreportedMs = channel.bufferedAmount / bytesPerMs;
    }
    expect(flushed).toEqual([8 * 64 * KIB]);
    expect(channel.bufferedAmount).toBeLessThanOrEqual(LOW_WATER_MS * bytesPerMs);
    expect(unreportedMs).toBeGreaterThan(LOW_WATER_MS);
  });

  it("lets a fast network have as much waiting as it takes in that time", () => {
    const { channel, clock, sender } = sending();
    for (let now = 0; now < 200; now += 10) {
      while (channel.bufferedAmount < HIGH_WATER_BYTES) sender.send(block());
      clock.advance(10);
      channel.drain(10 * 20_000);
    }
    expect(channel.bufferedAmountLowThreshold).toBe(MAX_LOW_WATER_BYTES);
  });

  it("does not pester a network that is slow", () => {
    const { channel, clock, sender } = sending();
    for (let i = 0; i < 16; i++) sender.send(block());
    clock.advance(10 * LOOK_AGAIN_MAX_MS);
    expect(channel.sent.length - 16).toBeLessThan(16);
  });

  it("leaves a channel alone when nothing waits", async () => {
    const { clock, sender } = sending();
    sender.send(block());
    await microtasks();
    clock.advance(LOOK_AGAIN_MIN_MS);
    expect(clock.nextAlarm).toBeUndefined();
  });

  it("says so when the channel takes nothing any more", () => {
    const { channel, sender, state } = sending();
    channel.failure = new DOMException("not open", "InvalidStateError");
    sender.send(block());
    expect(state.broken).toBe(true);
  });

  it("neither sends nor reports after it was stopped", async () => {
    const { channel, flushed, sender } = sending();
    for (let i = 0; i < 24; i++) sender.send(block());
    sender.stop();
    channel.drain(HIGH_WATER_BYTES);
    await microtasks();
    expect(channel.bufferedAmount).toBe(0);
    expect(flushed).toEqual([]);
  });
});
