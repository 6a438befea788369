import type { Text } from "./text/en.ts";

/** Loose files are shared under a name that only counts them, in English: it is part of the torrent. */
const LOOSE = /^([2-9]|[1-9]\d+) files$/;

/** What a share is called on the screens. */
export function nameOf(name: string, text: Text): string {
  if (name === "") return text.home.unnamed;
  const [, count] = LOOSE.exec(name) ?? [];
  return count === undefined ? name : text.share.looseFiles(Number(count));
}
