import { describe, test } from "vitest";
import { libraryScenarios } from "./library.contract.ts";
import { MemoryLibrary } from "./memory-library.ts";

describe("a library in memory", () => {
  test.each(libraryScenarios)("$title", ({ play }) => {
    const library = new MemoryLibrary();
    return play(() => library);
  });
});
