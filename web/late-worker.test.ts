import { expect, test } from "vitest";
import { LateWorker } from "./late-worker.ts";
import { firstMessage } from "./session/page-messages.ts";

test("a worker that starts late hears everything that it was told before, in order, once", () => {
  const heard: unknown[] = [];
  const listened: string[] = [];
  const late = new LateWorker(() => ({
    postMessage: (message) => void heard.push(message),
    addEventListener: (type) => void listened.push(type),
  }));
  late.addEventListener("message", () => undefined);
  late.postMessage({ type: "pause", id: "a" });
  late.postMessage({ type: "stop", id: "a" });
  expect(heard).toEqual([]);

  late.start();
  late.start();
  late.postMessage({ type: "forget", id: "a" });
  expect(listened.slice(-1)).toEqual(["message"]);
  expect(heard.map((message) => (message as { type: string }).type)).toEqual(["pause", "stop", "forget"]);
});

test("the link that a worker is made for is in its name, and is not posted again", () => {
  const heard: string[] = [];
  const names: string[] = [];
  const late = new LateWorker((name) => {
    names.push(name);
    return { postMessage: (message) => void heard.push(message.type), addEventListener: () => undefined };
  });
  late.postMessage({ type: "open", id: "a", text: "#link", key: undefined });
  late.postMessage({ type: "download", id: "a" });
  late.start();
  expect(names.map(firstMessage)).toEqual([{ type: "open", id: "a", text: "#link" }]);
  expect(heard).toEqual(["download"]);
});

test("a key is nothing for a name: such a link is posted", () => {
  const heard: string[] = [];
  const late = new LateWorker((name) => {
    expect(firstMessage(name)).toBeUndefined();
    return { postMessage: (message) => void heard.push(message.type), addEventListener: () => undefined };
  });
  late.postMessage({ type: "open", id: "a", text: "#link", key: new Uint8Array(32) });
  late.start();
  expect(heard).toEqual(["open"]);
});

test.each(["message", "error"])("a worker runs, or is known not to, at its first %s", async (word) => {
  const says = new Map<string, unknown>();
  const late = new LateWorker(() => ({
    postMessage: () => undefined,
    addEventListener: (type: string, listener: unknown) => void says.set(type, listener),
  }));
  late.start();
  const settled: string[] = [];
  const runs = late.runs.then(() => void settled.push(word));
  await Promise.resolve();
  expect(settled).toEqual([]);
  (says.get(word) as () => void)();
  await runs;
  expect(settled).toEqual([word]);
});
