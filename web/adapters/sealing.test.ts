import { createDecipheriv, hkdfSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InfoHash, infoHash, type PeerId, peerId } from "../engine/units.ts";
import type { SealContext } from "../ports/sealing.ts";
import { makePublicSealer, makeSealer } from "./sealing.ts";

function hash(text: string): InfoHash {
  const value = infoHash(text);
  if (value === undefined) throw new Error(`not an infohash: ${text}`);
  return value;
}

function peer(digit: string): PeerId {
  const value = peerId(digit.repeat(40));
  if (value === undefined) throw new Error(`not a peer id: ${digit}`);
  return value;
}

const counting = hash("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const context: SealContext = { kind: "offer", from: peer("a"), to: peer("b"), offerId: "c".repeat(40) };

/** The text `v=0` sealed with the nonce 07 07 … 07: a copy from outside, so that no change goes unnoticed. */
const knownSealed =
  "BwcHBwcHBwcHBwcHvnMNlKfYrBj9mL_ve0SVoJBOHUBFX_oczKbnO7MJukiHObadPOaVGpcQzEdV5iFtmsv843AGm4" +
  "Gw1Kz7t03QE96xq7CoKD0jJOjCugGKiFP7puy1JbhlCCfIGPaSgNxWId29N8NG_qjPhWgkAnzgBarr2yo-rk3j94er" +
  "EatuE0z1DXqKyMI8V7lFdLgx9cx7ZfE4PeLO4ku8JoIzUMFiA0DtDpYIGFN3raaEFCHuhgIZ1xcw5N7Wx24HYxPtxq" +
  "TKJhkDaamSUe0AENTHaVy7DGU2q-m-" +
  "fhm6ILwJV2ElkJ8DAyr2DU9VYsNnr_kU8uUX7DJWYeUldAO3vzvIpH62bxmjIwSmabvWbmFaFl-X95A";

describe("sealing", () => {
  it("derives the room that every other version of this protocol derives", async () => {
    const sealer = await makeSealer(counting);
    expect(sealer.room).toBe("a928533905f73910fd184f7b12ef22d9934035ec");
  });

  it("opens what was sealed by this protocol before, byte for byte", async () => {
    const sealer = await makeSealer(counting);
    expect(await sealer.open(knownSealed, context)).toBe("v=0");
  });

  it("is HKDF-SHA-256 and AES-256-GCM as documented, seen with another library", async () => {
    const secret = Buffer.from(counting, "hex");
    const derive = (info: string, length: number) =>
      Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), info, length));
    const sealer = await makeSealer(counting);
    expect(sealer.room).toBe(derive("shoal/1 room", 20).toString("hex"));

    const sealed = Buffer.from(await sealer.seal("v=0", context), "base64url");
    const opened = createDecipheriv("aes-256-gcm", derive("shoal/1 sealing key", 32), sealed.subarray(0, 12));
    const fields = ["shoal/1 sealed", context.kind, sealer.room, context.from, context.to, context.offerId];
    opened.setAAD(
      Buffer.concat(
        fields.map((field) => {
          const length = Buffer.alloc(4);
          length.writeUInt32BE(field.length);
          return Buffer.concat([length, Buffer.from(field)]);
        }),
      ),
    );
    opened.setAuthTag(sealed.subarray(-16));
    const text = Buffer.concat([opened.update(sealed.subarray(12, -16)), opened.final()]);
    expect(text).toEqual(Buffer.concat([Buffer.from("v=0"), Buffer.from([0x80]), Buffer.alloc(252)]));
  });

  it("gives any text back in the context that it was sealed for", async () => {
    const sealer = await makeSealer(counting);
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 1000 }), async (text) => {
        expect(await sealer.open(await sealer.seal(text, context), context)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, SealContext]>([
    ["kind", { ...context, kind: "answer" }],
    ["sender", { ...context, from: peer("d") }],
    ["receiver", { ...context, to: peer("d") }],
    ["direction", { ...context, from: context.to, to: context.from }],
    ["offer", { ...context, offerId: "d".repeat(40) }],
    ["field boundary", { ...context, offerId: `b${context.offerId}` }],
  ])("does not open with another %s", async (_field, other) => {
    const sealer = await makeSealer(counting);
    const sealed = await sealer.seal("v=0", context);
    expect(await sealer.open(sealed, context)).toBe("v=0");
    expect(await sealer.open(sealed, other)).toBeUndefined();
  });

  it("does not open with the key of another torrent", async () => {
    const [mine, theirs] = await Promise.all([makeSealer(counting), makeSealer(hash("f".repeat(64)))]);
    expect(mine.room).not.toBe(theirs.room);
    expect(await theirs.open(await mine.seal("v=0", context), context)).toBeUndefined();
  });

  it("does not open with any bit flipped or any byte missing", async () => {
    const sealer = await makeSealer(counting);
    const sealed = Buffer.from(await sealer.seal("v=0", context), "base64url");
    await fc.assert(
      fc.asyncProperty(fc.nat(8 * sealed.length - 1), async (bit) => {
        const flipped = Buffer.from(sealed);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(await sealer.open(flipped.toString("base64url"), context)).toBeUndefined();
        expect(
          await sealer.open(sealed.subarray(0, bit >> 3).toString("base64url"), context),
        ).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it("resolves to nothing for text that nobody sealed, whatever it is", async () => {
    const sealer = await makeSealer(counting);
    const base64Url = fc
      .uint8Array({ maxLength: 600 })
      .map((bytes) => Buffer.from(bytes).toString("base64url"));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ maxLength: 50 }), base64Url), async (text) => {
        expect(await sealer.open(text, context)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
    expect(await sealer.open("A".repeat(1_000_000), context)).toBeUndefined();
  });

  it("never makes the same sealed text twice", async () => {
    const sealer = await makeSealer(counting);
    expect(await sealer.seal("v=0", context)).not.toBe(await sealer.seal("v=0", context));
  });

  it("hides the exact length of the text", async () => {
    const sealer = await makeSealer(counting);
    const lengths = await Promise.all(
      [0, 1, 200, 255].map(async (length) => (await sealer.seal("x".repeat(length), context)).length),
    );
    expect(new Set(lengths).size).toBe(1);
  });

  it("leaves the offers of a public share readable, since other programs must read them", async () => {
    const sealer = makePublicSealer("ab".repeat(20));
    expect(sealer.room).toBe("ab".repeat(20));
    expect(await sealer.seal("v=0", context)).toBe("v=0");
    expect(await sealer.open("v=0", context)).toBe("v=0");
  });
});
