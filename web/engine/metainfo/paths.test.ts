import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeName, safePaths } from "./paths.ts";
import { fromByteString, toUtf8 } from "./text.ts";

const name = (text: string) => safeName(toUtf8(text));

function paths(...texts: string[]): string[] | string {
  const result = safePaths(texts.map((text) => text.split("|").map((component) => toUtf8(component))));
  return result.ok ? result.value.map((path) => path.join("|")) : result.reason;
}

describe("A name from a torrent", () => {
  test("stays as it is when it can be written", () => {
    for (const ordinary of ["a.txt", "été 2024 🌞.jpg", ".hidden", "...", "a b ", "日本"]) {
      expect(name(ordinary)).toBe(ordinary);
    }
  });

  test("leads nowhere else", () => {
    expect(name("..")).toBe("_");
    expect(name(".")).toBe("_");
    expect(name("")).toBe("_");
    expect(name("/etc/passwd")).toBe("etcpasswd");
    expect(name("..\\..\\x")).toBe("....x");
    expect(name("a\0b\n")).toBe("ab");
  });

  test("[BEP 52] is judged after overlong UTF-8 is gone", () => {
    // An overlong slash, and an overlong dot beside a real one.
    expect(safeName(fromByteString("\xc0\xaf"))).not.toContain("/");
    expect(safeName(fromByteString(".\xc0\xae"))).not.toBe("..");
  });

  test("cannot disguise its extension by turning the reading direction", () => {
    expect(name("photo\u202Egpj.exe")).toBe("photogpj.exe");
  });

  test("is shortened to what disks take, and keeps its extension", () => {
    expect(name(`${"x".repeat(300)}.tar`)).toBe(`${"x".repeat(236)}.tar`);
    expect(toUtf8(name("🌞".repeat(100))).length).toBeLessThanOrEqual(240);
    expect(name("🌞".repeat(100))).toBe("🌞".repeat(60));
  });

  test("any bytes give a safe name", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const safe = safeName(bytes);
        expect(["", ".", ".."]).not.toContain(safe);
        expect(safe).not.toMatch(/[/\\\0\n]/);
        expect(toUtf8(safe).length).toBeLessThanOrEqual(240);
      }),
    );
  });
});

describe("The paths of a torrent", () => {
  test("are renamed where making them safe made them one", () => {
    expect(paths("/|a", "\\|a", "_|a")).toEqual(["_|a", "_|a.1", "_|a.2"]);
    expect(paths("a/", "a", "a.1")).toEqual(["a", "a.1", "a.1.1"]);
  });

  test("are refused where two files say the same", () => {
    expect(paths("x|a", "b", "x|a")).toBe("duplicate-path");
  });

  test("never make a file of what must be a folder", () => {
    expect(paths("a", "a|b", "a|c")).toEqual(["a.1", "a|b", "a|c"]);
  });

  test("are found in time that grows with their number alone", () => {
    const many = paths(...Array.from({ length: 20_000 }, () => "/"));
    expect(new Set(many).size).toBe(20_000);
  });
});
