import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Bencodable,
  type Bencode,
  bytesAt,
  decode,
  decodePrefix,
  dictionaryAt,
  Encoded,
  encode,
  integerAt,
  listAt,
  textAt,
} from "./bencode.ts";
import { byteString, fromByteString } from "./text.ts";

function decoded(text: string) {
  const result = decode(fromByteString(text));
  if (!result.ok) throw new Error(result.reason);
  return result.value;
}

function dictionary(text: string) {
  const { value } = decoded(text);
  if (value.type !== "dictionary") throw new Error(value.type);
  return value;
}

function reasonOf(text: string): string {
  const result = decode(fromByteString(text));
  return result.ok ? "none" : result.reason;
}

describe("Reading bencode", () => {
  test("[BEP 3] reads the four kinds of value", () => {
    const value = dictionary("d1:ai-7e1:b2:xy1:cli0ee1:dd0:0:ee");
    expect(integerAt(value, "a")).toBe(-7);
    expect(textAt(value, "b")).toBe("xy");
    expect(listAt(value, "c")?.items).toHaveLength(1);
    expect(dictionaryAt(value, "d")?.entries.get("")).toMatchObject({ type: "bytes" });
  });

  test("gives nothing for an entry that is absent or of another kind", () => {
    const value = dictionary("d1:ai7ee");
    for (const at of [bytesAt, textAt, listAt, dictionaryAt]) expect(at(value, "a")).toBeUndefined();
    expect(integerAt(value, "b")).toBeUndefined();
  });

  test("keeps integers exact beyond 2^53, and does not pass them off as numbers", () => {
    const value = dictionary("d1:ai9007199254740991e1:bi9007199254740993e1:ci-18446744073709551615ee");
    expect(integerAt(value, "a")).toBe(9007199254740991);
    expect(integerAt(value, "b")).toBeUndefined();
    expect(value.entries.get("b")).toMatchObject({ value: 9007199254740993n });
    expect(value.entries.get("c")).toMatchObject({ value: -18446744073709551615n });
  });

  test("[BEP 3] says where each value stands in the bytes", () => {
    const text = "d4:infod1:ai1ee1:zi2ee";
    const info = dictionaryAt(dictionary(text), "info");
    expect(text.slice(info?.start, info?.end)).toBe("d1:ai1ee");
  });

  test("[BEP 9] reads a value that other bytes follow, and says where they begin", () => {
    const bytes = fromByteString("d8:msg_typei1eeBLOCK");
    const result = decodePrefix(bytes);
    expect(result.ok && byteString(bytes.subarray(result.value.value.end))).toBe("BLOCK");
    expect(decode(bytes)).toEqual({ ok: false, reason: "trailing-bytes" });
  });

  test("keeps keys apart that are not UTF-8, look like numbers or name a prototype", () => {
    const value = dictionary("d2:10i1e1:9i2e9:__proto__i3e1:\xfei4e1:\xffi5ee");
    expect([...value.entries.keys()]).toEqual(["10", "9", "__proto__", "\xfe", "\xff"]);
    expect(integerAt(value, "__proto__")).toBe(3);
    expect(integerAt(dictionary("de"), "__proto__")).toBeUndefined();
  });

  test("[BEP 3] notices keys out of order anywhere, and still reads them", () => {
    expect(decoded("d1:ai1e1:bi2ee").isCanonical).toBe(true);
    expect(decoded("ld1:bi1e1:ai2eee").isCanonical).toBe(false);
  });

  test.each([
    ["", "unexpected-end"],
    ["l", "unexpected-end"],
    ["d1:a", "unexpected-end"],
    ["5:abc", "unexpected-end"],
    ["99999999999999999999999999:", "unexpected-end"],
    ["i5", "unexpected-end"],
    ["e", "unexpected-byte"],
    ["-1:a", "unexpected-byte"],
    ["di1ei2ee", "unexpected-byte"],
    ["i-0e", "integer-malformed"],
    ["i03e", "integer-malformed"],
    ["i--3e", "integer-malformed"],
    ["i1.5e", "integer-malformed"],
    ["i123456789012345678901e", "integer-too-long"],
    ["03:abc", "length-malformed"],
    ["1x:a", "length-malformed"],
    ["d1:ai1e1:ai2ee", "duplicate-key"],
    ["d1:bi1e1:ai1e1:bi1ee", "duplicate-key"],
    [`${"l".repeat(101)}${"e".repeat(101)}`, "too-deep"],
    ["i1ei2e", "trailing-bytes"],
  ])("refuses %j: %s", (text, reason) => {
    expect(reasonOf(text)).toBe(reason);
  });

  test("any bytes give a value or a reason", () => {
    const soup = fc
      .array(fc.constantFrom(..."ilde0123456789:-x"), { maxLength: 60 })
      .map((all) => all.join(""));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decode(bytes)));
    fc.assert(
      fc.property(soup, (text) => void decode(fromByteString(text))),
      { numRuns: 2000 },
    );
  });
});

/** What was read, as the encoder takes it. */
function again(value: Bencode): Bencodable {
  if (value.type === "list") return value.items.map(again);
  if (value.type !== "dictionary") return value.value;
  return new Map([...value.entries].map(([key, entry]) => [key, again(entry)]));
}

describe("Writing bencode", () => {
  test("[BEP 3] sorts keys as raw bytes, and leaves out what is undefined", () => {
    const value = { b: 1, a: ["x", Uint8Array.of(0xff)], B: undefined, A: 2n };
    expect(byteString(encode(value))).toBe("d1:Ai2e1:al1:x1:\xffe1:bi1ee");
    const keys: Bencodable = new Map([
      ["\xff", 1],
      ["a", 2],
    ]);
    expect(byteString(encode(keys))).toBe("d1:ai2e1:\xffi1ee");
  });

  test("writes text as UTF-8 and what is encoded already as it stands", () => {
    expect(byteString(encode(["é", new Encoded(fromByteString("d1:bi1e1:ai2ee"))]))).toBe(
      "l2:\xc3\xa9d1:bi1e1:ai2eee",
    );
  });

  test("refuses to round", () => {
    expect(() => encode(2 ** 53)).toThrow();
    expect(() => encode(0.5)).toThrow();
  });

  test("what was written is read back, and written again to the same bytes", () => {
    const key = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
    });
    const { value } = fc.letrec<{ value: Bencodable }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
        fc.uint8Array({ maxLength: 20 }),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
      ),
    }));
    fc.assert(
      fc.property(value, (written) => {
        const bytes = encode(written);
        const read = decode(bytes);
        expect(read.ok && read.value.isCanonical).toBe(true);
        if (read.ok) expect(encode(again(read.value.value))).toEqual(bytes);
      }),
    );
  });
});
