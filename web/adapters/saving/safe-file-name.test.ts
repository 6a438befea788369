import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distinctFileNames, safeFileName } from "./safe-file-name.ts";

const byteCount = (text: string) => new TextEncoder().encode(text).length;

describe("a safe file name", () => {
  test.each([
    ["holiday.zip"],
    ["Übergrößen – résumé (final).tar.gz"],
    ["写真 2024.jpg"],
    ["👩‍👩‍👧‍👦.png"],
    [".bashrc"],
    ["no extension"],
    ["console.log"],
    ["com10.txt"],
  ])("that is harmless stays as it is: %s", (name) => {
    expect(safeFileName(name)).toBe(name);
  });

  test.each([
    ["path traversal", "../../etc/passwd", ".._.._etc_passwd"],
    ["Windows path traversal", "..\\..\\boot.ini", ".._.._boot.ini"],
    ["a drive or a stream", "C:evil.txt", "C_evil.txt"],
    ["the parent folder", "..", "file"],
    ["this folder", ".", "file"],
    ["nothing", "", "file"],
    ["only spaces", "   ", "file"],
    ["only what cannot be seen", "\u200b\u202e\ufeff", "file"],
    ["what Windows forbids", 'a<b>c:d"e|f?g*h', "a_b_c_d_e_f_g_h"],
    ["control characters", "a\u0000b\nc\u007fd\u0085e", "a_b_c_d_e"],
    ["line separators", "a\u2028b\u2029c", "a_b_c"],
    ["an unpaired surrogate", "a\ud800b", "a_b"],
    ["a name turned around to hide its extension", "photo\u202egpj.exe", "photogpj.exe"],
    ["isolates and marks of direction", "a\u2066b\u2069c\u200ed", "abcd"],
    ["dots and spaces at the end", "name.txt. . ", "name.txt"],
    ["spaces in front", "  name.txt", "name.txt"],
    ["a device", "CON", "_CON"],
    ["a device with an extension", "nul.tar.gz", "_nul.tar.gz"],
    ["a device with a space", "aux .txt", "_aux .txt"],
    ["a device with a superscript", "com¹", "_com¹"],
    ["a device after trimming", " prn. ", "_prn"],
  ])("never holds %s", (_, name, expected) => {
    expect(safeFileName(name)).toBe(expected);
  });

  test("that is too long is cut before its extension, between characters", () => {
    const family = "👩‍👩‍👧‍👦";
    const name = safeFileName(`${family.repeat(40)}.jpeg`);
    expect(byteCount(name)).toBeLessThanOrEqual(255);
    expect(name).toBe(`${family.repeat(10)}.jpeg`);
  });

  test("an extension that is as long as a name does not crowd it out", () => {
    const name = safeFileName(`a.${"x".repeat(400)}`);
    expect(name).toBe(`a.${"x".repeat(253)}`);
  });

  test("that would be cut down to nothing, or to a device, is neither", () => {
    const endless = `x${"\u0301".repeat(200)}`;
    expect(safeFileName(`${endless}.txt`)).toBe("file.txt");
    expect(safeFileName(`con${endless}`)).toBe("_con");
    expect(safeFileName(`con.${"y".repeat(300)}`)).toBe(`_con.${"y".repeat(250)}`);
  });

  test("of megabytes costs no more than one of kilobytes", () => {
    expect(safeFileName(`a${" .".repeat(2_000_000)}b`)).toBe("a");
  });

  test("any text becomes one that is safe, and that stays as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
        const name = safeFileName(text);
        expect(name).not.toMatch(/[/\\:*?"<>|\p{Cc}\u202a-\u202e\u2066-\u2069]|^\s|[\s.]$|^$/u);
        expect(byteCount(name)).toBeLessThanOrEqual(255);
        expect(safeFileName(name)).toBe(name);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("names of files in one folder", () => {
  test("equal ones are numbered before their extension", () => {
    expect(distinctFileNames(["a.txt", "b.txt", "a.txt", "a.txt"])).toEqual([
      "a.txt",
      "b.txt",
      "a (2).txt",
      "a (3).txt",
    ]);
  });

  test("those that only differ in case, accents or forbidden characters count as equal", () => {
    expect(distinctFileNames(["Read.me", "READ.ME", "caf\u00e9", "cafe\u0301", "a:b", "a|b"])).toEqual([
      "Read.me",
      "READ (2).ME",
      "caf\u00e9",
      "cafe\u0301 (2)",
      "a_b",
      "a_b (2)",
    ]);
  });

  test("a number is never one that another file has", () => {
    expect(distinctFileNames(["a (2)", "a", "a"])).toEqual(["a (2)", "a", "a (3)"]);
  });

  test("thousands of equal names are told apart in one go", () => {
    const names = distinctFileNames(Array.from({ length: 10_000 }, () => "same.txt"));
    expect(new Set(names).size).toBe(10_000);
    expect(names.at(-1)).toBe("same (10000).txt");
  });

  test("a numbered name is not too long either", () => {
    const long = `${"x".repeat(300)}.txt`;
    const names = distinctFileNames([long, long]);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(byteCount(name)).toBe(255);
  });
});
