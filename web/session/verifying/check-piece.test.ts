import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { SubtleHasher } from "../../adapters/hashing.ts";
import { checkPiece } from "./check-piece.ts";

const digest = (algorithm: string) => (bytes: Uint8Array) =>
  new Uint8Array(createHash(algorithm).update(bytes).digest());
const [sha256, sha1] = [digest("sha256"), digest("sha1")];
const ports = { hasher: new SubtleHasher(), sha256 };

const bytes = new Uint8Array(1000).fill(5);
const padded = new Uint8Array(1500);
padded.set(bytes);
const right = {
  merkle: { root: sha256(bytes), width: 1 },
  sha1: { hash: sha1(padded), padding: 500 },
};
const wrong = {
  merkle: { root: sha256(padded), width: 1 },
  sha1: { hash: sha1(bytes), padding: 500 },
};

describe("a piece", () => {
  test("is right by SHA-1 over its padding, by its root, and by both", async () => {
    for (const check of [{ sha1: right.sha1 }, { merkle: right.merkle }, right]) {
      expect((await checkPiece(bytes, { ...check, needsLeaves: false }, ports)).verdict).toBe("right");
    }
  });

  test("is corrupt when no hash agrees, and then its leaves are there to compare", async () => {
    for (const check of [{ sha1: wrong.sha1 }, { merkle: wrong.merkle }, wrong]) {
      const { verdict, leaves } = await checkPiece(bytes, { ...check, needsLeaves: false }, ports);
      expect(verdict).toBe("corrupt");
      expect(leaves).toEqual(sha256(bytes));
    }
  });

  test("is contradictory when one hash agrees and the other does not", async () => {
    const checks = [
      { merkle: right.merkle, sha1: wrong.sha1 },
      { merkle: wrong.merkle, sha1: right.sha1 },
    ];
    for (const check of checks) {
      expect((await checkPiece(bytes, { ...check, needsLeaves: false }, ports)).verdict).toBe(
        "contradictory",
      );
    }
  });

  test("of a v1 torrent is not hashed twice unless its blocks are to be compared", async () => {
    const check = { sha1: right.sha1 };
    expect((await checkPiece(bytes, { ...check, needsLeaves: false }, ports)).leaves).toHaveLength(0);
    expect((await checkPiece(bytes, { ...check, needsLeaves: true }, ports)).leaves).toEqual(sha256(bytes));
  });
});
