import { expect, test } from "vitest";
import { viewKindOf } from "./view-kind.ts";

test.each([
  ["Film.MP4", "video"],
  ["song.opus", "audio"],
  ["photo.jpeg", "image"],
  ["report.pdf", "pdf"],
  ["notes.md", "text"],
  ["page.html", "text"],
  ["drawing.svg", "text"],
  ["archive.zip", undefined],
  ["mp4", undefined],
  ["no ending", undefined],
  ["", undefined],
])("%j is looked at as %s", (name, kind) => {
  expect(viewKindOf(name)).toBe(kind);
});
