import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_METADATA_BYTES } from "../limits.ts";
import { byteString, fromByteString } from "../metainfo/text.ts";
import {
  decodeExtensionHandshake,
  EXTENSION_IDS,
  encodeExtensionHandshake,
  extensionName,
} from "./extension-handshake.ts";

function decodeText(text: string) {
  return decodeExtensionHandshake(fromByteString(text));
}

const nothing = { ids: new Map() };

test("[BEP 10] ours names each extension with our number, sorted as bencode wants", () => {
  const payload = encodeExtensionHandshake({ client: "Shoal 1", reqq: 512, metadataSize: 99 });
  expect(byteString(payload)).toBe(
    "d1:md11:lt_donthavei2e15:shoal_introducei4e9:shoal_pexi3e11:ut_metadatai1ee13:metadata_sizei99e4:reqqi512e1:v7:Shoal 1e",
  );
});

test("what is encoded is decoded", () => {
  const said = { client: "Shøal", reqq: 7, metadataSize: 1, uploadOnly: true };
  expect(decodeExtensionHandshake(encodeExtensionHandshake(said))).toEqual({
    ok: true,
    value: { ...said, ids: new Map(Object.entries(EXTENSION_IDS)) },
  });
});

test("a browser WebTorrent's is read", () => {
  expect(decodeText("d1:md11:lt_donthavei2e11:ut_metadatai1ee13:metadata_sizei1234ee")).toEqual({
    ok: true,
    value: {
      ids: new Map([
        ["lt_donthave", 2],
        ["ut_metadata", 1],
      ]),
      metadataSize: 1234,
    },
  });
});

describe("decodeExtensionHandshake", () => {
  test("[BEP 10] keeps id 0, which takes an extension back", () => {
    const ids = new Map([["lt_donthave", 0]]);
    expect(decodeText("d1:md11:lt_donthavei0eee")).toEqual({ ok: true, value: { ids } });
  });

  test("[BEP 10] ignores names that we do not speak, those of an object's own among them", () => {
    const decoded = decodeText("d1:md8:toStringi3e6:ut_pexi2eee");
    expect(decoded).toEqual({ ok: true, value: { ids: new Map() } });
  });

  test.each([
    ["an id beyond a byte", "d1:md11:lt_donthavei256e11:ut_metadatai-1eee"],
    ["an id that is no number", "d1:md11:lt_donthave1:bee"],
    ["an `m` that is no dictionary", "d1:mi1ee"],
    ["a client that is no string", "d1:vi1ee"],
    ["a queue of nothing", "d4:reqqi0ee"],
    ["a size of nothing", "d13:metadata_sizei0ee"],
    ["a size beyond the limit", `d13:metadata_sizei${MAX_METADATA_BYTES + 1}ee`],
    ["a size beyond 2^53", "d13:metadata_sizei99999999999999999999ee"],
  ])("treats %s as not said", (_name, text) => {
    expect(decodeText(text)).toEqual({ ok: true, value: nothing });
  });

  test("cuts the client's name", () => {
    const decoded = decodeText(`d1:v100:${"x".repeat(100)}e`);
    expect(decoded.ok && decoded.value.client).toBe("x".repeat(64));
  });

  test.each(["", "de ", "i1e", "le", "d1:m", `d1:v17000:${"x".repeat(17000)}e`])(
    "refuses what is no dictionary of reasonable size (%#)",
    (text) => expect(decodeText(text)).toEqual({ ok: false, reason: "extension-malformed" }),
  );

  test("any bytes never throw", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeExtensionHandshake(bytes)));
  });
});

test("our numbers lead back to the names", () => {
  for (const [name, id] of Object.entries(EXTENSION_IDS)) expect(extensionName(id)).toBe(name);
  expect([0, 5, 255].map(extensionName)).toEqual([undefined, undefined, undefined]);
});
