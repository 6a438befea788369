import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type PageRequest, STAY_EVERY_MS } from "../service-worker/messages.ts";
import { PageServiceWorker } from "./service-worker.ts";

/** The browser's side, played by hand. */
class Container extends EventTarget {
  readonly said: unknown[] = [];
  readonly active = { postMessage: (message: unknown) => this.said.push(message) };
  readonly ready = Promise.resolve({ active: this.active });
  controller: typeof this.active | null = this.active;
  readonly register = vi.fn(() => Promise.resolve({}));
  readonly startMessages = vi.fn();

  asks(request: PageRequest): void {
    this.dispatchEvent(new MessageEvent("message", { data: request }));
  }
}

const ports: MessagePort[] = [];

/** A port to hand over, and what is said back on it. */
function newPort() {
  const { port1, port2 } = new MessageChannel();
  const heard: unknown[] = [];
  port1.onmessage = ({ data }) => heard.push(data);
  ports.push(port1, port2);
  return { port: port2, heard };
}

function setUp() {
  const container = new Container();
  const onStream = vi.fn();
  const onShared = vi.fn();
  const worker = new PageServiceWorker(container as unknown as ServiceWorkerContainer, {
    onStream,
    onShared,
  });
  return { container, worker, onStream, onShared };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  for (const port of ports.splice(0)) port.close();
});

describe("a page without a service worker", () => {
  test("works, and knows that it has none", async () => {
    const onShared = vi.fn();
    const worker = new PageServiceWorker(undefined, { onStream: () => {}, onShared });
    await worker.register();
    expect(worker.isServing).toBe(false);
    worker.askForShared();
    expect(onShared).toHaveBeenCalledExactlyOnceWith([]);
    expect(worker.mediaUrl("share", 0, "film.mp4")).toBeUndefined();
  });

  test("takes a browser's refusal as having none", async () => {
    const { container, worker } = setUp();
    container.controller = null;
    container.register.mockRejectedValue(new DOMException("no", "SecurityError"));
    await worker.register();
    expect(worker.isServing).toBe(false);
  });
});

test("a page that was loaded around the service worker asks to be served, another one does not", async () => {
  const { container, worker } = setUp();
  await worker.register();
  expect(container.said).toEqual([]);
  container.controller = null;
  await worker.register();
  expect(container.said).toEqual([{ type: "claim" }]);
});

test("the app is kept for when there is no network, once the page has had some seconds for itself", async () => {
  const { container, worker } = setUp();
  await worker.register();
  expect(container.said).toEqual([]);
  vi.advanceTimersByTime(3_000);
  expect(container.said).toEqual([{ type: "keep" }]);
});

test("a page that was opened for what the system handed over asks for it, and is told what came", () => {
  const { container, worker, onShared } = setUp();
  worker.askForShared();
  expect(container.said).toEqual([{ type: "shared" }]);
  const files = [new File(["photo"], "photo.jpg")];
  container.asks({ type: "shared", files });
  expect(onShared).toHaveBeenCalledExactlyOnceWith(files);
});

test("whoever reads a file gets the session at the other end", () => {
  const { container, onStream } = setUp();
  const { port } = newPort();
  container.asks({ type: "media", share: "s", file: 3, port });
  expect(onStream.mock.calls.map(([share, file]) => [share, file])).toEqual([["s", 3]]);
  expect(onStream.mock.calls[0]?.[2]).toBe(port);
});

describe("what is offered to be saved", () => {
  test("is given to who comes for it, once", async () => {
    const { container, worker } = setUp();
    const onAsked = vi.fn();
    worker.offer("a", onAsked);
    const first = newPort();
    const second = newPort();
    container.asks({ type: "save", id: "a", port: first.port });
    container.asks({ type: "save", id: "a", port: second.port });
    expect(onAsked).toHaveBeenCalledOnce();
    expect(onAsked.mock.calls[0]?.[0]).toBe(first.port);
    await vi.waitFor(() => expect(second.heard).toEqual([{ type: "refused" }]), 30_000);
  });

  test("is not given once it was taken back", async () => {
    const { container, worker } = setUp();
    const onAsked = vi.fn();
    worker.offer("a", onAsked)();
    const { port, heard } = newPort();
    container.asks({ type: "save", id: "a", port });
    await vi.waitFor(() => expect(heard).toEqual([{ type: "refused" }]), 30_000);
    expect(onAsked).not.toHaveBeenCalled();
  });
});

describe("the service worker is kept awake", () => {
  test("only while something is read through it", () => {
    const { container } = setUp();
    vi.advanceTimersByTime(10 * STAY_EVERY_MS);
    expect(container.said).toEqual([]);
    container.asks({ type: "media", share: "s", file: 0, port: newPort().port });
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(STAY_EVERY_MS);
      container.asks({ type: "open", count: 1 });
    }
    expect(container.said).toHaveLength(10);
    container.asks({ type: "open", count: 0 });
    vi.advanceTimersByTime(10 * STAY_EVERY_MS);
    expect(container.said).toHaveLength(10);
  });

  test("until it does not answer any more: whoever waits for it hears that", () => {
    const { container, worker } = setUp();
    const onLost = vi.fn();
    worker.onLost(onLost);
    container.asks({ type: "media", share: "s", file: 0, port: newPort().port });
    vi.advanceTimersByTime(3 * STAY_EVERY_MS);
    expect(onLost).not.toHaveBeenCalled();
    vi.advanceTimersByTime(STAY_EVERY_MS);
    expect(onLost).toHaveBeenCalledOnce();
  });
});
