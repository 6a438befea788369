/**
 * Hashing in bulk: the browser's own digests for blocks and pieces, which run on other threads and use the
 * processor's SHA instructions, and WebAssembly for the engine's 64-byte Merkle nodes, which must be synchronous.
 */
import { createSHA1, createSHA256 } from "hash-wasm";
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { Digests } from "../engine/metainfo/torrent.ts";
import type { Hasher } from "../ports/hasher.ts";
import { PieceUnreadableError } from "../ports/piece-store.ts";
import { DigestRun } from "./hashing/digest-run.ts";
import { StreamCutter } from "./hashing/stream-cutter.ts";

/** 8 MiB of blocks: enough that the next chunk of a file is read while the one before is hashed. */
const BLOCKS_IN_FLIGHT = 512;

/** Pieces are long (256 KiB … 16 MiB): one for each of the two threads that hashing leaves room for. */
const PIECES_IN_FLIGHT = 2;

type OnProgress = (bytesRead: number) => void;

export class SubtleHasher implements Hasher {
  async leaves(bytes: Uint8Array): Promise<Uint8Array> {
    const leaves = leafRun(bytes.length);
    await addBlocks(leaves, bytes);
    return leaves.finish();
  }

  async sha1(bytes: Uint8Array, padding: number): Promise<Uint8Array> {
    const piece = new DigestRun("SHA-1", 1, 1);
    await piece.add(padded(bytes, bytes.length + padding));
    return piece.finish();
  }
}

/**
 * SHA-256 of every 16 KiB block of a file (BEP 52 leaves), in one pass in which reading and hashing overlap.
 *
 * @param onProgress told how many bytes were read so far, at every chunk: up to a thousand times a second.
 * @returns 32 bytes for each block, in order.
 * @throws PieceUnreadableError when the file changed or went away; the signal's reason when it is aborted.
 */
export async function leafHashes(
  file: Blob,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const leaves = leafRun(file.size);
  await cutFile(file, BLOCK_BYTES, (block) => leaves.add(block), onProgress, signal);
  return leaves.finish();
}

export interface HybridHashes {
  /** As from `leafHashes`. */
  readonly leaves: Uint8Array;
  /** SHA-1 of each piece (BEP 3), 20 bytes each. */
  readonly v1Pieces: Uint8Array;
}

/**
 * What a hybrid torrent needs of a file, in one pass like that of `leafHashes`.
 *
 * @param padsLastPiece the last piece is hashed with zeros up to the piece length, as a padding file follows it
 * (BEP 47); not so in a torrent of a single file.
 */
export async function hybridHashes(
  file: Blob,
  pieceLength: number,
  padsLastPiece: boolean,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<HybridHashes> {
  const leaves = leafRun(file.size);
  const pieces = new DigestRun("SHA-1", Math.ceil(file.size / pieceLength), PIECES_IN_FLIGHT);
  const onPiece = async (piece: Uint8Array) => {
    await pieces.add(padsLastPiece ? padded(piece, pieceLength) : piece);
    await addBlocks(leaves, piece);
  };
  await cutFile(file, pieceLength, onPiece, onProgress, signal);
  return { leaves: await leaves.finish(), v1Pieces: await pieces.finish() };
}

/** @returns synchronous hashes; each has one WebAssembly instance, which is used again for every call. */
export async function createSyncDigests(): Promise<Digests> {
  const [sha256, sha1] = await Promise.all([createSHA256(), createSHA1()]);
  return {
    sha256: (bytes) => sha256.init().update(bytes).digest("binary"),
    sha1: (bytes) => sha1.init().update(bytes).digest("binary"),
  };
}

function leafRun(byteCount: number): DigestRun {
  return new DigestRun("SHA-256", Math.ceil(byteCount / BLOCK_BYTES), BLOCKS_IN_FLIGHT);
}

async function addBlocks(leaves: DigestRun, bytes: Uint8Array): Promise<void> {
  for (let begin = 0; begin < bytes.length; begin += BLOCK_BYTES) {
    await leaves.add(bytes.subarray(begin, begin + BLOCK_BYTES));
  }
}

function padded(piece: Uint8Array, pieceLength: number): Uint8Array {
  if (piece.length === pieceLength) return piece;
  const whole = new Uint8Array(pieceLength);
  whole.set(piece);
  return whole;
}

async function cutFile(
  file: Blob,
  partBytes: number,
  onPart: (part: Uint8Array) => Promise<void>,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<void> {
  const cutter = new StreamCutter(partBytes, onPart);
  let bytesRead = 0;
  for await (const chunk of chunksOf(file, signal)) {
    bytesRead += chunk.length;
    if (bytesRead > file.size) break;
    await cutter.write(chunk);
    hastenCollection(chunk.length);
    onProgress(bytesRead);
  }
  if (bytesRead !== file.size) throw new PieceUnreadableError("The file is not as long as it was.");
  await cutter.end();
}

/** The garbage of `hastenCollection`, kept so that the compiler does not leave it out. */
const young: { garbage?: readonly number[] } = {};

/**
 * V8 gives the memory of chunks back when it collects young objects, which it does by the space that small objects
 * take, not by the bytes of chunks: 160 to 340 MB of them wait for it. Half of their bytes as small garbage
 * keeps that at about 100 MB and costs no speed. Asking for `buffer.transfer(0)` only hides them: the process grows.
 */
function hastenCollection(chunkBytes: number): void {
  for (let bytes = 0; bytes < chunkBytes; bytes += BLOCK_BYTES) young.garbage = new Array(1024).fill(0);
}

/**
 * The file as a stream. It reads ahead by itself and stops while nobody takes from it; in Chromium a pass over
 * it is a quarter faster than one over 8 MiB slices. A BYOB reader would need no new memory and be faster still,
 * but Chromium 156 crashes when one pauses.
 */
async function* chunksOf(file: Blob, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw new PieceUnreadableError("The file cannot be read.", { cause });
      });
      if (done) return;
      yield value;
    }
  } finally {
    // Whoever left early waits for nothing more from it, and a failure to let go is none of its business.
    reader.cancel().catch(() => {});
  }
}
