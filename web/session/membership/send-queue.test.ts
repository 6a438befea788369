import { describe, expect, test } from "vitest";
import { CHANNEL_MESSAGE_BYTES } from "../../engine/limits.ts";
import { SendQueue } from "./send-queue.ts";

function collect() {
  const messages: Uint8Array<ArrayBuffer>[] = [];
  return { messages, queue: new SendQueue((bytes) => messages.push(bytes)) };
}

const bytes = (...values: number[]) => Uint8Array.from(values);
const joined = (messages: readonly Uint8Array[]) => messages.flatMap((message) => [...message]);

describe("the send queue of a link", () => {
  test("puts everything that is ready into one channel message", () => {
    const { queue, messages } = collect();
    queue.push(bytes(1, 2));
    queue.push(bytes(3));
    queue.flush();
    expect(messages.map((message) => [...message])).toEqual([[1, 2, 3]]);
  });

  test("keeps the order of places however late a block is read", () => {
    const { queue, messages } = collect();
    queue.push(bytes(1));
    const fillFirst = queue.reserve();
    queue.push(bytes(4));
    const fillSecond = queue.reserve();
    fillSecond([bytes(5), bytes(6)]);
    queue.flush();
    expect(joined(messages)).toEqual([1]);
    fillFirst([bytes(2), bytes(3)]);
    queue.flush();
    expect(joined(messages)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("a block that could not be read leaves no bytes behind and holds nobody up", () => {
    const { queue, messages } = collect();
    const fill = queue.reserve();
    queue.push(bytes(7));
    fill([]);
    queue.flush();
    expect(joined(messages)).toEqual([7]);
  });

  test("[RFC 8831 §6.6] splits what is longer than a channel message, losing and adding nothing", () => {
    const { queue, messages } = collect();
    const block = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    queue.push(bytes(1, 2, 3));
    queue.push(block);
    queue.push(block);
    queue.flush();
    expect(messages.map(({ length }) => length)).toEqual([
      CHANNEL_MESSAGE_BYTES,
      CHANNEL_MESSAGE_BYTES,
      CHANNEL_MESSAGE_BYTES,
      200_003 - 3 * CHANNEL_MESSAGE_BYTES,
    ]);
    expect(joined(messages)).toEqual([1, 2, 3, ...block, ...block]);
  });

  test("gives every message a buffer of its own, so that it can be given away", () => {
    const { queue, messages } = collect();
    const kept = bytes(1, 2, 3);
    queue.push(kept.subarray(1));
    queue.flush();
    expect(messages[0]?.buffer.byteLength).toBe(2);
    expect(messages[0]?.buffer).not.toBe(kept.buffer);
  });

  test("sends nothing for a flush without anything ready, and nothing after it was closed", () => {
    const { queue, messages } = collect();
    queue.flush();
    queue.push(bytes(1));
    queue.close();
    queue.flush();
    expect(messages).toEqual([]);
  });
});
