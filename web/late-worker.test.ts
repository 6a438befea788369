import { expect, test } from "vitest";
import { LateWorker } from "./late-worker.ts";

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
  expect(listened).toEqual(["message"]);
  expect(heard.map((message) => (message as { type: string }).type)).toEqual(["pause", "stop", "forget"]);
});
