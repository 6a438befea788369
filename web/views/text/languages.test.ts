import { describe, expect, test } from "vitest";
import { languageOf } from "./language.ts";
import { loadText } from "./languages.ts";

/** Every text that is the same whatever it is said of, by the path of its key. */
function fixedTexts(part: unknown, path = ""): [string, string][] {
  if (typeof part === "string") return [[path, part]];
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => fixedTexts(value, `${path}.${key}`));
}

describe("the language", () => {
  test("is the one that was chosen", () => {
    expect(languageOf("de", ["en-GB"])).toBe("de");
    expect(languageOf("en", ["de-AT"])).toBe("en");
  });

  test("is else the first of the browser's that there is a text for", () => {
    expect(languageOf("system", ["fr", "de-CH", "en"])).toBe("de");
    expect(languageOf("system", ["en-GB", "de"])).toBe("en");
    expect(languageOf("system", ["fr"])).toBe("en");
    expect(languageOf("system", [])).toBe("en");
  });
});

describe("German", async () => {
  const english = await loadText("en");
  const german = await loadText("de");

  test("has a text of its own for everything that is said in English", () => {
    const theirs = new Map(fixedTexts(english));
    const same = fixedTexts(german).filter(([path, words]) => words.length > 6 && theirs.get(path) === words);
    // The field's own words, and names, are the same in both.
    expect(same.map(([path]) => path)).toEqual([
      ".details.tracker.columns.url",
      ".details.infohashV2",
      ".details.infohashV1",
    ]);
  });

  test("agrees with its numbers and writes them as it does", () => {
    expect(german.share.contents(1, 1_800_000_000).replaceAll("\u00a0", " ")).toBe("1 Datei · 1,8 GB");
    expect(german.share.contents(2, 0)).toContain("2 Dateien");
    expect(german.receiving.done(2)).toBe("Beide Dateien sind da und geprüft.");
    expect(german.back.title(2, 0)).toBe("Du hast 2 Elemente geteilt.");
  });

  test("names a person with one word, whatever the id", () => {
    for (let value = 0; value < 256; value++)
      expect(german.person.name({ adjective: value, animal: 255 - value, colour: 0 })).toMatch(
        /^\p{Lu}\p{Ll}+$/u,
      );
  });
});
