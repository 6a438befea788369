import { expect, test } from "vitest";
import { mediaPath, routeOf, savePath } from "./routes.ts";

test.each(["film.webm", "100% #1?.mp4", "Ben's \u201cbest\u201d & more.mp3", "写真 01.jpg", "a\\b:c;d.png"])(
  "the address of %s leads back to it",
  (name) => {
    const { pathname } = new URL(mediaPath("link-0a/b", 12, name), "https://shoal.example");
    expect(routeOf(pathname)).toEqual({ type: "media", share: "link-0a/b", file: 12, name });
  },
);

test("what is offered to be saved is known by its id alone", () => {
  const { pathname } = new URL(savePath("a b", "holiday.zip"), "https://shoal.example");
  expect(routeOf(pathname)).toEqual({ type: "save", id: "a b" });
});

test.each([
  "/",
  "/assets/index-1.js",
  "/media/share/0",
  "/media/share/-1/a",
  "/media/share/0/a/b",
  "/media//0/a",
  "/media/share/99999999999/a",
  "/media/%ff/0/a",
  "/save/a",
  "/save/a/b/c",
  "/saved/a/b",
])("%s is left to the network", (path) => {
  expect(routeOf(path)).toBeUndefined();
});
