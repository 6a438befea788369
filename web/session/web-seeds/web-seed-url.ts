/** Where a web seed has a file (BEP 19 "url-list"). */
import type { Info } from "../../engine/metainfo/info.ts";

/**
 * A single file is at the URL itself, or below it under its name if it ends in "/". Several files are below the
 * URL, in a folder of the torrent's name.
 */
export function webSeedUrl(
  base: string,
  info: Pick<Info, "name" | "isSingleFile" | "files">,
  file: number,
): string {
  if (info.isSingleFile && !base.endsWith("/")) return base;
  const folder = base.endsWith("/") ? base : `${base}/`;
  const components = info.isSingleFile ? [info.name] : [info.name, ...(info.files[file]?.path ?? [])];
  return folder + components.map(encodeURIComponent).join("/");
}
