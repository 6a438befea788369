import { createHash } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { BLOCK_BYTES } from "../engine/limits.ts";
import { PieceUnreadableError } from "../ports/piece-store.ts";
import { createSyncDigests, hybridHashes, leafHashes, SubtleHasher } from "./hashing.ts";

const neverAborted = new AbortController().signal;

function bytesOf(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 7 + (i >> 14)) & 0xff;
  return bytes;
}

function expectedLeaves(bytes: Uint8Array): Uint8Array {
  const digests: Buffer[] = [];
  for (let begin = 0; begin < bytes.length; begin += BLOCK_BYTES) {
    digests.push(
      createHash("sha256")
        .update(bytes.subarray(begin, begin + BLOCK_BYTES))
        .digest(),
    );
  }
  return new Uint8Array(Buffer.concat(digests));
}

/** A Blob whose stream hands out its bytes in chunks of these lengths, over and over. */
function inChunks(bytes: Uint8Array<ArrayBuffer>, lengths: readonly number[], size = bytes.length): Blob {
  const blob = new Blob([bytes]);
  vi.spyOn(blob, "size", "get").mockReturnValue(size);
  blob.stream = () => {
    let at = 0;
    let turn = 0;
    return new ReadableStream({
      pull(controller) {
        if (at === bytes.length) return controller.close();
        const chunk = bytes.slice(at, at + (lengths[turn++ % lengths.length] ?? 1));
        at += chunk.length;
        controller.enqueue(chunk);
      },
    });
  };
  return blob;
}

describe("[BEP 52] leaves", () => {
  const hasher = new SubtleHasher();

  test.each([0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 5 * BLOCK_BYTES, 1024 * BLOCK_BYTES + 7])(
    "%i bytes give one hash for each block, the last one short and not padded",
    async (length) => {
      const bytes = bytesOf(length);
      expect(await hasher.leaves(bytes)).toEqual(expectedLeaves(bytes));
    },
  );

  test("a piece that lies within a larger buffer is hashed alone", async () => {
    const whole = bytesOf(3 * BLOCK_BYTES);
    const part = whole.subarray(100, 100 + BLOCK_BYTES + 5);
    expect(await hasher.leaves(part)).toEqual(expectedLeaves(part));
  });

  test("many digests are in flight at once, and their number is bounded", async () => {
    const digest = crypto.subtle.digest.bind(crypto.subtle);
    let inFlight = 0;
    let most = 0;
    const spy = vi.spyOn(crypto.subtle, "digest").mockImplementation(async (algorithm, data) => {
      most = Math.max(most, ++inFlight);
      const hash = await digest(algorithm, data);
      inFlight--;
      return hash;
    });
    await hasher.leaves(bytesOf(1024 * BLOCK_BYTES));
    spy.mockRestore();
    expect(most).toBe(512);
  });

  test("a digest that fails fails the whole, without waiting for ever", async () => {
    const spy = vi.spyOn(crypto.subtle, "digest").mockRejectedValue(new Error("no memory"));
    await expect(hasher.leaves(bytesOf(600 * BLOCK_BYTES))).rejects.toThrow("no memory");
    spy.mockRestore();
  });
});

describe("the leaf hashes of a file", () => {
  test.each([
    ["chunks of one block", [BLOCK_BYTES]],
    ["tiny and odd chunks", [1, 7, 4_099]],
    ["chunks that end just off a block", [BLOCK_BYTES - 1, 3 * BLOCK_BYTES + 2]],
    ["an empty chunk in between", [100, 0, BLOCK_BYTES]],
    ["one chunk", [1 << 30]],
  ])("do not depend on how the file is read: %s", async (_, lengths) => {
    const bytes = bytesOf(6 * BLOCK_BYTES + 123);
    expect(await leafHashes(inChunks(bytes, lengths), () => {}, neverAborted)).toEqual(expectedLeaves(bytes));
  });

  test("an empty file has none", async () => {
    expect(await leafHashes(new Blob([]), () => {}, neverAborted)).toEqual(new Uint8Array(0));
  });

  test("progress grows up to the length of the file", async () => {
    const seen: number[] = [];
    const bytes = bytesOf(10 * BLOCK_BYTES);
    await leafHashes(inChunks(bytes, [4 * BLOCK_BYTES]), (read) => seen.push(read), neverAborted);
    expect(seen).toEqual([4, 8, 10].map((blocks) => blocks * BLOCK_BYTES));
  });

  test("aborting stops the reading and rejects with the reason", async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const file = inChunks(bytesOf(100 * BLOCK_BYTES), [BLOCK_BYTES]);
    const hashing = leafHashes(
      file,
      (read) => {
        seen.push(read);
        if (seen.length === 3) abort.abort(new Error("taken back"));
      },
      abort.signal,
    );
    await expect(hashing).rejects.toThrow("taken back");
    expect(seen).toHaveLength(3);
  });

  test.each([
    ["shorter", -5],
    ["longer", 5],
  ])("a file that became %s while it was read is unreadable", async (_, difference) => {
    const bytes = bytesOf(2 * BLOCK_BYTES);
    const file = inChunks(bytes, [BLOCK_BYTES], bytes.length - difference);
    await expect(leafHashes(file, () => {}, neverAborted)).rejects.toBeInstanceOf(PieceUnreadableError);
  });

  test("a file on disk that changed since it was chosen is unreadable", async () => {
    const folder = await mkdtemp(join(tmpdir(), "shoal-"));
    const path = join(folder, "chosen");
    await writeFile(path, bytesOf(3 * BLOCK_BYTES));
    const file = await openAsBlob(path);
    await truncate(path, 10);
    await expect(leafHashes(file, () => {}, neverAborted)).rejects.toBeInstanceOf(PieceUnreadableError);
    await rm(folder, { recursive: true });
  });
});

describe("[BEP 52] the hashes of a file of a hybrid torrent", () => {
  const PIECE_BYTES = 4 * BLOCK_BYTES;
  const bytes = bytesOf(2 * PIECE_BYTES + BLOCK_BYTES + 99);
  const file = inChunks(bytes, [7_777, 3 * BLOCK_BYTES]);

  const expectedPieces = (content: Uint8Array) =>
    [0, 1, 2].map((piece) => {
      const part = content.subarray(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES);
      return createHash("sha1").update(part).digest("hex");
    });

  test.each([
    ["alone: the last piece as it is", false, bytes],
    [
      "with padding: the last piece with zeros behind",
      true,
      Buffer.concat([bytes, Buffer.alloc(PIECE_BYTES)]),
    ],
  ])("%s", async (_, padsLastPiece, content) => {
    const { leaves, v1Pieces } = await hybridHashes(file, PIECE_BYTES, padsLastPiece, () => {}, neverAborted);
    expect(leaves).toEqual(expectedLeaves(bytes));
    expect(Buffer.from(v1Pieces).toString("hex")).toBe(expectedPieces(content).join(""));
  });

  test("an empty file has no pieces, padded or not", async () => {
    const hashes = await hybridHashes(new Blob([]), PIECE_BYTES, true, () => {}, neverAborted);
    expect(hashes).toEqual({ leaves: new Uint8Array(0), v1Pieces: new Uint8Array(0) });
  });
});

test.each(["sha256", "sha1"] as const)(
  "the synchronous %s agrees with another implementation, call after call, and gives away its results",
  async (algorithm) => {
    const digest = (await createSyncDigests())[algorithm];
    const inputs = [0, 1, 55, 56, 63, 64, 65, BLOCK_BYTES, 40_000].map(bytesOf);
    const hashes = inputs.map(digest);
    for (const [i, input] of inputs.entries()) {
      expect(Buffer.from(hashes[i] ?? []).toString("hex")).toBe(
        createHash(algorithm).update(input).digest("hex"),
      );
    }
  },
);
