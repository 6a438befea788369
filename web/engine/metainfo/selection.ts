/**
 * Which files a magnet selects (BEP 53). Numbers count as in the torrent's v1 file list, padding and links
 * included, as libtorrent and WebTorrent count; in a torrent that has none, as in its file tree.
 */
import type { Info } from "./info.ts";

/** @returns one flag for each file; undefined when the selection names none of them. */
export function filesSelected({ files, v1 }: Info, select: readonly number[]): boolean[] | undefined {
  const chosen = new Set(select);
  const numbers = v1?.numbers.length === files.length ? v1.numbers : undefined;
  const wanted = files.map((_, file) => chosen.has(numbers?.[file] ?? file));
  return wanted.includes(true) ? wanted : undefined;
}
