/** How a share that was opened is called: by its torrent, so that opening it again leads to the same one. */
import { type InfoHashes, nameOf } from "../../engine/metainfo/info-hashes.ts";
import type { ShareId } from "../snapshot.ts";

const DIGITS = 16;

export function shareIdOf(hashes: InfoHashes): ShareId {
  return `link-${nameOf(hashes).slice(0, DIGITS)}`;
}
