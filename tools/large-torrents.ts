/** Torrents at the limits, for tests and measurements. Their content is made up: they can be opened, not downloaded. */
import { type Bencodable, encode } from "../web/engine/metainfo/bencode.ts";

const KIB = 1024;
const FILES_PER_FOLDER = 1_000;

/** A v2 torrent of so many files of 1,000 bytes, a thousand in each folder. */
export function manyFiles(count: number): Uint8Array {
  const folders: Record<string, Record<string, Bencodable>> = {};
  for (let i = 0; i < count; i++) {
    const name = `folder ${String(Math.floor(i / FILES_PER_FOLDER)).padStart(4, "0")}`;
    folders[name] ??= {};
    const root = new Uint8Array(32).fill(1 + (i % 255));
    folders[name][`file ${String(i).padStart(6, "0")}.txt`] = { "": { length: 1_000, "pieces root": root } };
  }
  const info = { "file tree": folders, "meta version": 2, name: "many files", "piece length": 16 * KIB };
  return encode({ info });
}

/** A v1 torrent of one file in so many pieces of 16 KiB. */
export function manyPieces(count: number): Uint8Array {
  const pieces = new Uint8Array(20 * count).fill(7);
  return encode({
    info: { length: 16 * KIB * count, name: "many pieces.bin", "piece length": 16 * KIB, pieces },
  });
}
