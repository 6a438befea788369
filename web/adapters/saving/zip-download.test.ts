import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SaveAnswer, SaveRequest } from "../../service-worker/messages.ts";
import type { PageServiceWorker, SavePort } from "../service-worker.ts";
import { downloadAsZip } from "./zip-download.ts";

/** A service worker that is there; the test comes for what is offered, or does not. */
class Worker {
  isServing = true;
  ask: (port: SavePort) => void = () => {};
  lose: () => void = () => {};
  isOffered = false;

  offer(_id: string, onAsked: (port: SavePort) => void): () => void {
    this.ask = onAsked;
    this.isOffered = true;
    return () => {
      this.isOffered = false;
    };
  }

  onLost(listener: () => void): () => void {
    this.lose = listener;
    return () => {};
  }
}

class Port implements SavePort {
  onmessage: ((event: MessageEvent<SaveRequest>) => void) | null = null;
  readonly heard: SaveAnswer[] = [];

  postMessage(message: SaveAnswer): void {
    this.heard.push(message);
  }

  close(): void {}

  says(data: SaveRequest): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }
}

const files = [
  { path: ["a.txt"], size: 1, read: async () => new Blob(["a"]) },
  { path: ["..", "b:c.txt"], size: 2, read: () => Promise.reject(new Error("evicted")) },
];
const frame = { hidden: false, src: "", remove: vi.fn() };
const link = { href: "", download: "", click: vi.fn() };
let blobs: Blob[];
let worker: Worker;
let told: number[];

beforeEach(() => {
  // The others are needed by the streams of an archive that is made here.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const createElement = (tag: string) => (tag === "a" ? link : frame);
  vi.stubGlobal("document", { createElement, body: { append: () => {} } });
  blobs = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
  worker = new Worker();
  told = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetAllMocks();
  vi.restoreAllMocks();
});

const download = (list = files) =>
  downloadAsZip(worker as unknown as PageServiceWorker, "my: trip", list, (fraction) => told.push(fraction));

test("the service worker gets the list under safe names, then each file that it asks for", async () => {
  const saving = download();
  expect(frame.src).toMatch(/^\/save\/[\w-]+\/my_%20trip\.zip$/);
  const port = new Port();
  worker.ask(port);
  expect(port.heard).toEqual([
    {
      type: "opened",
      name: "my_ trip.zip",
      entries: [
        { path: "my_ trip/a.txt", size: 1 },
        { path: "my_ trip/file/b_c.txt", size: 2 },
      ],
    },
  ]);
  port.says({ type: "want", entry: 0 });
  await vi.advanceTimersByTimeAsync(0);
  expect(port.heard.at(-1)?.type).toBe("file");
  port.says({ type: "want", entry: 1 });
  await vi.advanceTimersByTimeAsync(0);
  expect(port.heard.at(-1)).toEqual({ type: "failed" });
  port.says({ type: "progress", bytes: 50, of: 200 });
  expect(told).toEqual([0.25]);
  port.says({ type: "ended", outcome: "complete" });
  expect(await saving).toBe(true);
  expect(frame.remove).toHaveBeenCalled();
  expect(blobs).toEqual([]);
});

test("a person who calls it off in the browser's list is not told of a failure", async () => {
  const saving = download();
  const port = new Port();
  worker.ask(port);
  port.says({ type: "ended", outcome: "cancelled" });
  expect(await saving).toBe(false);
});

test("a download that breaks off is a failure, and so is a service worker that went away with it", async () => {
  const broken = download();
  const port = new Port();
  worker.ask(port);
  port.says({ type: "ended", outcome: "failed" });
  await expect(broken).rejects.toThrow();

  const lost = download();
  worker.ask(new Port());
  worker.lose();
  await expect(lost).rejects.toThrow();
});

test.each([
  ["does not come for it", true],
  ["is not there", false],
])("where the service worker %s the archive is made here", async (_, isServing) => {
  worker.isServing = isServing;
  const saving = download(files.slice(0, 1));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await saving).toBe(true);
  expect(worker.isOffered).toBe(false);
  expect(link.click).toHaveBeenCalledOnce();
  expect(link).toMatchObject({ href: "blob:1", download: "my_ trip.zip" });
  // The local header of the first entry: "PK", and its name at byte 30.
  const bytes = new Uint8Array((await blobs[0]?.arrayBuffer()) ?? []);
  expect(new TextDecoder().decode(bytes.subarray(0, 2))).toBe("PK");
  expect(new TextDecoder().decode(bytes.subarray(30, 44))).toBe("my_ trip/a.txt");
});

test("what is too large to be made into an archive here is not tried", async () => {
  worker.isServing = false;
  const read = vi.fn();
  expect(await download([{ path: ["a"], size: 2 ** 30, read }])).toBe("too-large");
  expect(read).not.toHaveBeenCalled();
});
