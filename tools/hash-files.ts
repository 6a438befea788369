/** Finds the files under a path and hashes them for a torrent, a piece at a time. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { concatBytes } from "../web/engine/bytes.ts";
import { BLOCK_BYTES } from "../web/engine/limits.ts";

export interface FoundFile {
  /** Where it lies on disk. */
  readonly location: string;
  /** Its components in the torrent. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly length: number;
}

/** One file by its own name, or everything under a folder; symbolic links inside are passed over. */
export function findFiles(path: string): FoundFile[] {
  const stats = statSync(path);
  if (stats.isFile()) return [{ location: path, path: [basename(path)], length: stats.size }];
  return filesIn(path, []);
}

function filesIn(folder: string, path: readonly string[]): FoundFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const location = join(folder, entry.name);
    const entryPath = [...path, entry.name];
    if (entry.isDirectory()) return filesIn(location, entryPath);
    return entry.isFile() ? [{ location, path: entryPath, length: statSync(location).size }] : [];
  });
}

/**
 * @param isPadded the last piece is hashed with zeros up to the piece length, as in a hybrid of several files.
 * @returns SHA-256 of each block and SHA-1 of each piece.
 */
export function hashFile(
  location: string,
  pieceLength: number,
  isPadded: boolean,
): { leaves: Uint8Array; v1Pieces: Uint8Array } {
  const leaves: Uint8Array[] = [];
  const v1Pieces: Uint8Array[] = [];
  const buffer = new Uint8Array(pieceLength);
  const file = openSync(location, "r");
  try {
    for (;;) {
      const length = readFully(file, buffer);
      if (length === 0) break;
      for (let at = 0; at < length; at += BLOCK_BYTES) {
        leaves.push(
          createHash("sha256")
            .update(buffer.subarray(at, Math.min(at + BLOCK_BYTES, length)))
            .digest(),
        );
      }
      if (isPadded) buffer.fill(0, length);
      v1Pieces.push(
        createHash("sha1")
          .update(isPadded ? buffer : buffer.subarray(0, length))
          .digest(),
      );
    }
  } finally {
    closeSync(file);
  }
  return { leaves: concatBytes(leaves), v1Pieces: concatBytes(v1Pieces) };
}

/** Fills the buffer as far as the file goes on. @returns how many bytes that were. */
function readFully(file: number, buffer: Uint8Array): number {
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(file, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return length;
}
