import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { SharedFiles } from "./shared-files.ts";

function formWith(...values: readonly (File | string)[]) {
  const form = new FormData();
  for (const value of values) form.append("files", value);
  return { formData: () => Promise.resolve(form) };
}

const photo = new File(["photo"], "photo.jpg");
const film = new File(["film"], "film.mp4");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

test("the page that asks gets the files of the form, and whoever asks then gets none", async () => {
  const shared = new SharedFiles();
  const { held } = await shared.receive(formWith(photo, film));
  expect(shared.take().map(({ name }) => name)).toEqual(["photo.jpg", "film.mp4"]);
  await held;
  expect(shared.take()).toEqual([]);
});

test("what is no file, or has no bytes, as a form of which nothing was chosen, is left out", async () => {
  const shared = new SharedFiles();
  await shared.receive(formWith("words", new File([], ""), photo));
  expect(shared.take()).toHaveLength(1);
});

test("a second form that comes before the page has asked takes nothing from the first", async () => {
  const shared = new SharedFiles();
  const first = await shared.receive(formWith(photo));
  await shared.receive(formWith(film));
  await first.held;
  expect(shared.take()).toHaveLength(2);
});

test("files that no page ever asks for are let go", async () => {
  const shared = new SharedFiles();
  const { held } = await shared.receive(formWith(photo));
  await vi.advanceTimersByTimeAsync(60_000);
  await held;
  expect(shared.take()).toEqual([]);
});

test("a form that cannot be read is no form", async () => {
  const shared = new SharedFiles();
  const unreadable = { formData: () => Promise.reject(new TypeError("no form")) };
  await expect(shared.receive(unreadable)).rejects.toThrow();
  expect(shared.take()).toEqual([]);
});
