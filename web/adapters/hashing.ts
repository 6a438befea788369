/**
 * SHA-256 in bulk: the browser's own digests for blocks, which run on other threads and use the processor's
 * SHA instructions, and WebAssembly for the engine's 64-byte Merkle nodes, which must be synchronous.
 *
 * Invariants
 *  1. At most DIGESTS_IN_FLIGHT blocks of one call are with the browser, so memory is flat for any size.
 *  2. Hashes come in the order of the blocks, however the digests settle.
 */
import { createSHA256 } from "hash-wasm";
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { Sha256 } from "../engine/units.ts";
import type { Hasher } from "../ports/hasher.ts";
import { PieceUnreadableError } from "../ports/piece-store.ts";

const HASH_BYTES = 32;

/** 8 MiB of blocks: enough that the next chunk of a file is read while the one before is hashed. */
const DIGESTS_IN_FLIGHT = 512;

export class SubtleHasher implements Hasher {
  async leaves(bytes: Uint8Array): Promise<Uint8Array> {
    const leaves = new LeafDigests(bytes.length);
    for (let begin = 0; begin < bytes.length; begin += BLOCK_BYTES) {
      await leaves.add(bytes.subarray(begin, begin + BLOCK_BYTES));
    }
    return leaves.finish();
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
  onProgress: (bytesRead: number) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const leaves = new LeafDigests(file.size);
  const blocks = new BlockCutter((block) => leaves.add(block));
  let bytesRead = 0;
  for await (const chunk of chunksOf(file, signal)) {
    bytesRead += chunk.length;
    if (bytesRead > file.size) break;
    await blocks.write(chunk);
    onProgress(bytesRead);
  }
  if (bytesRead !== file.size) throw new PieceUnreadableError("The file is not as long as it was.");
  await blocks.end();
  return leaves.finish();
}

/** @returns a synchronous SHA-256; its one WebAssembly instance is used again for every call. */
export async function createSyncSha256(): Promise<Sha256> {
  const sha256 = await createSHA256();
  return (bytes) => sha256.init().update(bytes).digest("binary");
}

/** The digests of one run of blocks, many at once. */
class LeafDigests {
  readonly #hashes: Uint8Array;
  #end = 0;
  #inFlight = 0;
  #failures: unknown[] = [];
  #settled: () => void = () => {};

  constructor(byteCount: number) {
    this.#hashes = new Uint8Array(Math.ceil(byteCount / BLOCK_BYTES) * HASH_BYTES);
  }

  /** Takes the next block, as soon as there is room for it. The browser copies it before this settles. */
  async add(block: Uint8Array): Promise<void> {
    while (this.#inFlight >= DIGESTS_IN_FLIGHT) await this.#next();
    const at = this.#end;
    this.#end += HASH_BYTES;
    this.#inFlight++;
    // No block is ever in shared memory, which is all that the wider type would allow.
    const digest = crypto.subtle.digest("SHA-256", block as Uint8Array<ArrayBuffer>);
    digest
      .then(
        (hash) => this.#hashes.set(new Uint8Array(hash), at),
        (failure) => this.#failures.push(failure),
      )
      .finally(() => {
        this.#inFlight--;
        this.#settled();
      });
  }

  async finish(): Promise<Uint8Array> {
    while (this.#inFlight > 0) await this.#next();
    if (this.#failures.length > 0) throw this.#failures[0];
    return this.#hashes;
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#settled = resolve;
    });
  }
}

/** Cuts a stream of chunks of any length into 16 KiB blocks, copying only where a block spans two chunks. */
class BlockCutter {
  readonly #take: (block: Uint8Array) => Promise<void>;
  #rest = new Uint8Array(BLOCK_BYTES);
  #restBytes = 0;

  constructor(take: (block: Uint8Array) => Promise<void>) {
    this.#take = take;
  }

  async write(chunk: Uint8Array): Promise<void> {
    let begin = 0;
    if (this.#restBytes > 0) {
      begin = Math.min(BLOCK_BYTES - this.#restBytes, chunk.length);
      this.#rest.set(chunk.subarray(0, begin), this.#restBytes);
      this.#restBytes += begin;
      if (this.#restBytes < BLOCK_BYTES) return;
      await this.#take(this.#rest);
      this.#restBytes = 0;
    }
    for (; begin + BLOCK_BYTES <= chunk.length; begin += BLOCK_BYTES) {
      await this.#take(chunk.subarray(begin, begin + BLOCK_BYTES));
    }
    this.#rest.set(chunk.subarray(begin));
    this.#restBytes = chunk.length - begin;
  }

  /** The last block may be short. */
  async end(): Promise<void> {
    if (this.#restBytes > 0) await this.#take(this.#rest.subarray(0, this.#restBytes));
  }
}

/**
 * The file as a stream. It reads ahead by itself and stops while nobody takes from it; in Chromium it is half
 * as fast again as slices (bench/hashing.ts).
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
