import { afterEach, expect, test, vi } from "vitest";
import { ANSWER_TIMEOUT_MS, type SaveAnswer, type SaveRequest } from "./messages.ts";
import { zipResponse } from "./zip-response.ts";

const files = [
  { path: "trip/a.bin", content: new Blob([new Uint8Array(70_000).fill(1)]) },
  { path: "trip/b/ü.txt", content: new Blob(["hello"]) },
  { path: "trip/empty", content: new Blob([]) },
];

/** @param give what the page has for an entry; undefined keeps silent. */
function setUp(give: (entry: number) => SaveAnswer | undefined) {
  const heard: SaveRequest[] = [];
  const onEnded = vi.fn();
  const port = {
    onmessage: null as ((event: MessageEvent<SaveAnswer>) => void) | null,
    postMessage: (message: SaveRequest) => {
      heard.push(message);
      const answer = message.type === "want" ? give(message.entry) : undefined;
      if (answer !== undefined)
        queueMicrotask(() => port.onmessage?.(new MessageEvent("message", { data: answer })));
    },
    close: vi.fn(),
  };
  const entries = files.map(({ path, content }) => ({ path, size: content.size }));
  const response = zipResponse(port, { type: "opened", name: "trip.zip", entries }, onEnded);
  const outcome = () => heard.find((message) => message.type === "ended")?.outcome;
  return { response, heard, onEnded, outcome };
}

const blobOf = (entry: number): SaveAnswer => ({ type: "file", blob: files[entry]?.content ?? new Blob() });

afterEach(() => {
  vi.useRealTimers();
});

test("the archive is exactly as long as was said before it was made", async () => {
  const { response, heard, onEnded, outcome } = setUp(blobOf);
  const said = Number(response.headers.get("content-length"));
  const bytes = await response.arrayBuffer();
  expect(bytes.byteLength).toBe(said);
  expect(heard.filter(({ type }) => type === "want")).toEqual(
    [0, 1, 2].map((entry) => ({ type: "want", entry })),
  );
  expect(outcome()).toBe("complete");
  expect(onEnded).toHaveBeenCalledOnce();
});

test("a file is asked for only when its turn comes", async () => {
  const { response, heard } = setUp(blobOf);
  expect(heard).toEqual([]);
  await response.body?.getReader().read();
  expect(heard.filter(({ type }) => type === "want")).toHaveLength(1);
});

test("an archive of more than 4 GiB has the length of a ZIP64 one", () => {
  const port = { onmessage: null, postMessage: () => {}, close: () => {} };
  const entries = [{ path: "large", size: 2 ** 32 + 1 }];
  const response = zipResponse(port, { type: "opened", name: "a.zip", entries }, () => {});
  // Local header, descriptor, central header, extra field, both ends; 8 bytes of the descriptor are longer.
  expect(Number(response.headers.get("content-length"))).toBeGreaterThan(2 ** 32 + 1 + 150);
  void response.body?.cancel();
});

test.each<[string, (entry: number) => SaveAnswer]>([
  ["can't be read", () => ({ type: "failed" })],
  ["has another size by now", () => ({ type: "file", blob: new Blob(["other"]) })],
])("a file that %s makes the download fail instead of a broken archive", async (_, give) => {
  const { response, outcome, onEnded } = setUp(give);
  await expect(response.arrayBuffer()).rejects.toThrow();
  expect(outcome()).toBe("failed");
  expect(onEnded).toHaveBeenCalledOnce();
});

test("a page that has gone makes it fail after a while", async () => {
  vi.useFakeTimers();
  const { response, outcome } = setUp(() => undefined);
  const read = expect(response.arrayBuffer()).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
  await read;
  expect(outcome()).toBe("failed");
});

test("a person who calls it off in the browser's list is not told of a failure", async () => {
  const { response, outcome } = setUp(blobOf);
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(outcome()).toBe("cancelled");
});
