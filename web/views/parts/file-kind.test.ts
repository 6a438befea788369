import { expect, test } from "vitest";
import { kindOf } from "./file-kind.ts";

test.each([
  ["Holiday.MP4", "video"],
  ["backup.tar.gz", "archive"],
  ["report.pdf", "text"],
  ["README", "other"],
  ["archive.zip.part", "other"],
  ["", "other"],
])("%j is of the kind %s", (name, kind) => {
  expect(kindOf(name)).toBe(kind);
});
