import fc from "fast-check";
import { expect, test } from "vitest";
import { safePaths } from "./safe-paths.ts";

const safe = (...paths: string[]) =>
  safePaths(paths.map((path) => path.split("/"))).map((path) => path.join("/"));

test("harmless paths stay as they are", () => {
  const paths = ["a.txt", "b/c.txt", "b/d/e.txt", "写真/01.jpg"];
  expect(safe(...paths)).toEqual(paths);
});

test("a path never leaves the folder", () => {
  expect(safe("../../etc/passwd", "./a", "..\\..\\boot.ini", "//b")).toEqual([
    "file/file/etc/passwd",
    "file (2)/a",
    ".._.._boot.ini",
    "file (3)/file/b",
  ]);
});

test("files of one folder stay together, folders that only look alike stay apart", () => {
  expect(safe("Trip/a", "trip/a", "Trip/b", "tri\u0301p/a", "trı́p/a")).toEqual([
    "Trip/a",
    "trip (2)/a",
    "Trip/b",
    "tri\u0301p/a",
    "trı́p/a",
  ]);
});

test("a file and a folder that a file system takes for the same are told apart", () => {
  expect(safe("readme/a", "README")).toEqual(["readme/a", "README (2)"]);
});

test("the same name in two folders is no clash", () => {
  expect(safe("a/x", "b/x")).toEqual(["a/x", "b/x"]);
});

test("whatever the paths, the saved ones are distinct on any file system, and in order", () => {
  const component = fc.constantFrom("a", "A", "..", "a:", "a|", "é", "e\u0301", "CON", "", "a.", "\u202ea");
  const path = fc.array(component, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(path, { selector: String, maxLength: 12 }), (paths) => {
      const made = safePaths(paths);
      expect(made.map((components) => components.length)).toEqual(
        paths.map((components) => components.length),
      );
      const keys = made.map((components) => components.join("/").normalize("NFC").toLowerCase());
      expect(new Set(keys).size).toBe(paths.length);
      for (const key of keys) expect(keys.filter((other) => other.startsWith(`${key}/`))).toEqual([]);
    }),
    { seed: 1, numRuns: 500 },
  );
});
