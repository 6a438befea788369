/** Files with content that looks random, is the same on every machine, and is never stored in the repository. */
import { createCipheriv, createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";

const CHUNK_BYTES = 4 * 1024 * 1024;

/** Writes `size` bytes, determined by `seed`, making the folders above the file. @returns the path. */
export async function writeContent(path: string, size: number, seed: string): Promise<string> {
  // A cipher's key stream: a gigabyte a second, and no two seeds share a block.
  const key = createHash("sha256").update(seed).digest();
  const keyStream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(CHUNK_BYTES);
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "w");
  try {
    for (let written = 0; written < size; written += CHUNK_BYTES) {
      await file.write(keyStream.update(zeros.subarray(0, Math.min(CHUNK_BYTES, size - written))));
    }
  } finally {
    await file.close();
  }
  return path;
}

/** SHA-256 of everything in the stream, in hexadecimal. */
export async function sha256(stream: Readable): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}

export function sha256OfFile(path: string): Promise<string> {
  return sha256(createReadStream(path));
}

/** SHA-256 of each file under a folder, by its path from there with forward slashes. */
export async function sha256OfFolder(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const hashes = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1).replaceAll("\\", "/"), await sha256OfFile(path)] as const;
    }),
  );
  return Object.fromEntries(hashes);
}
