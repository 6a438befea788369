import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  CHUNK_BYTES,
  type FileStreamAnswer,
  type FileStreamRequest,
  SILENT_AFTER_MS,
} from "../ports/file-stream.ts";
import { fileBody } from "./file-body.ts";

/** The page's end of the port, played by hand. */
function setUp(start: number, end: number) {
  const requests: FileStreamRequest[] = [];
  const onEnded = vi.fn();
  const port = {
    onmessage: null as ((event: MessageEvent) => void) | null,
    postMessage: (message: FileStreamRequest | FileStreamAnswer) => {
      if (message.type === "read" || message.type === "close") requests.push(message);
    },
    close: vi.fn(),
  };
  const answer = (data: FileStreamAnswer) => port.onmessage?.(new MessageEvent("message", { data }));
  const give = (length: number) => answer({ type: "bytes", bytes: new Uint8Array(length) });
  const reader = fileBody(port, { start, end }, onEnded).getReader();
  /** Reads, and lets the request for it arrive. */
  const read = async () => {
    const chunk = reader.read();
    chunk.catch(() => {});
    await vi.advanceTimersByTimeAsync(0);
    return { chunk };
  };
  return { requests, onEnded, answer, give, reader, read };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("nothing is asked for before the browser wants it, and one chunk at a time", async () => {
  const { requests, reader, read, give, onEnded } = setUp(100, 100 + CHUNK_BYTES + 50);
  await vi.advanceTimersByTimeAsync(10);
  expect(requests).toEqual([]);
  const first = await read();
  expect(requests).toEqual([{ type: "read", at: 100, length: CHUNK_BYTES }]);
  give(CHUNK_BYTES);
  expect((await first.chunk).value?.length).toBe(CHUNK_BYTES);
  await vi.advanceTimersByTimeAsync(10);
  expect(requests).toHaveLength(1);
  const second = await read();
  expect(requests[1]).toEqual({ type: "read", at: 100 + CHUNK_BYTES, length: 50 });
  give(50);
  await second.chunk;
  expect((await reader.read()).done).toBe(true);
  expect(requests.at(-1)).toEqual({ type: "close" });
  expect(onEnded).toHaveBeenCalledOnce();
});

test("a chunk may be shorter than was asked for: the next one begins where it ended", async () => {
  const { requests, read, give } = setUp(0, 100);
  const first = await read();
  give(30);
  await first.chunk;
  await read();
  expect(requests[1]).toEqual({ type: "read", at: 30, length: 70 });
});

test("it waits as long as it hears that the piece is on its way, and gives up on silence", async () => {
  const { read, answer, onEnded, requests } = setUp(0, 100);
  const { chunk } = await read();
  for (let i = 0; i < 20; i++) {
    await vi.advanceTimersByTimeAsync(SILENT_AFTER_MS - 1);
    answer({ type: "waiting" });
  }
  expect(onEnded).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(SILENT_AFTER_MS);
  await expect(chunk).rejects.toThrow();
  expect(onEnded).toHaveBeenCalledOnce();
  expect(requests.at(-1)).toEqual({ type: "close" });
});

test.each<[string, FileStreamAnswer]>([
  ["what can't be read", { type: "failed" }],
  ["more than was asked for", { type: "bytes", bytes: new Uint8Array(101) }],
])("%s ends it with an error", async (_, wrong) => {
  const { read, answer, onEnded } = setUp(0, 100);
  const { chunk } = await read();
  answer(wrong);
  await expect(chunk).rejects.toThrow();
  expect(onEnded).toHaveBeenCalledOnce();
});

test("a browser that wants no more is told to the page at once, and once", async () => {
  const { reader, read, requests, onEnded } = setUp(0, 100);
  await read();
  await reader.cancel();
  await vi.advanceTimersByTimeAsync(2 * SILENT_AFTER_MS);
  expect(requests.filter(({ type }) => type === "close")).toHaveLength(1);
  expect(onEnded).toHaveBeenCalledOnce();
});
