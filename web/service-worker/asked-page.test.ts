import { afterEach, expect, test, vi } from "vitest";
import type { FileStreamAnswer } from "../ports/file-stream.ts";
import { askPages } from "./asked-page.ts";
import { ANSWER_TIMEOUT_MS } from "./messages.ts";
import type { PageClient } from "./scope.ts";

const WISH = { type: "media", share: "s", file: 2 } as const;
const ports: MessagePort[] = [];

/** A page that gives these answers when it is asked. */
function pageThat(
  id: string,
  answers: readonly FileStreamAnswer[],
  frameType: PageClient["frameType"] = "top-level",
) {
  const asked: unknown[] = [];
  const heard: unknown[] = [];
  const postMessage = (message: unknown) => {
    const { port, ...wish } = message as typeof WISH & { port: MessagePort };
    asked.push(wish);
    ports.push(port);
    port.onmessage = ({ data }) => heard.push(data);
    for (const answer of answers) port.postMessage(answer);
  };
  return { id, frameType, postMessage, asked, heard };
}

function scopeWith(...pages: readonly PageClient[]) {
  return {
    clients: {
      claim: () => Promise.resolve(),
      get: async (id: string) => pages.find((page) => page.id === id),
      matchAll: async () => pages,
    },
  };
}

const has: readonly FileStreamAnswer[] = [{ type: "opened", size: 7 }];
const hasNot: readonly FileStreamAnswer[] = [{ type: "refused" }];

afterEach(() => {
  vi.useRealTimers();
  for (const port of ports.splice(0)) port.close();
});

test("the page that asks is asked alone: another one may have a share of the same name", async () => {
  const mine = pageThat("mine", hasNot);
  const other = pageThat("other", has);
  expect(await askPages<FileStreamAnswer>(scopeWith(other, mine), "mine", WISH)).toBeUndefined();
  expect(mine.asked).toEqual([WISH]);
  expect(other.asked).toEqual([]);
});

test.each([
  ["a new window", ""],
  ["a page that has gone", "gone"],
  ["a frame", "frame"],
])("for %s all pages are asked, frames are not", async (_, clientId) => {
  const without = pageThat("a", hasNot);
  const page = pageThat("b", has);
  const frame = pageThat("frame", has, "nested");
  const found = await askPages<FileStreamAnswer>(scopeWith(frame, without, page), clientId, WISH);
  expect(found?.opened).toEqual({ type: "opened", size: 7 });
  expect(frame.asked).toEqual([]);
  found?.port.close();
});

test("of two pages that have it the slower one hears that it is not needed", async () => {
  const first = pageThat("a", has);
  const second = pageThat("b", has);
  const found = await askPages<FileStreamAnswer>(scopeWith(first, second), "", WISH);
  await vi.waitFor(() => expect([...first.heard, ...second.heard]).toEqual([{ type: "close" }]), 30_000);
  found?.port.close();
});

test("nobody has it where no page is open", async () => {
  expect(await askPages<FileStreamAnswer>(scopeWith(), "", WISH)).toBeUndefined();
});

test("pages that keep silent are not waited for for ever", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const silent = pageThat("a", []);
  const asking = askPages<FileStreamAnswer>(scopeWith(silent), "", WISH);
  await vi.advanceTimersByTimeAsync(ANSWER_TIMEOUT_MS);
  expect(await asking).toBeUndefined();
});
