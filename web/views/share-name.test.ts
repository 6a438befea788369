import { expect, test } from "vitest";
import { nameOf } from "./share-name.ts";
import { createGermanText } from "./text/de.ts";
import { createText } from "./text/en.ts";

test("loose files, which a torrent can only name in English, are counted in the person's language", () => {
  expect(nameOf("3 files", createText())).toBe("3 files");
  expect(nameOf("3 files", createGermanText())).toBe("3 Dateien");
  expect(nameOf("1200 files", createGermanText())).toBe("1.200 Dateien");
});

test("any other name stays as it is, and a share without one has a word for it", () => {
  for (const name of ["files", "3 files.zip", "my 3 files", "03 files"])
    expect(nameOf(name, createGermanText())).toBe(name);
  expect(nameOf("", createText())).toBe("Unnamed share");
});
