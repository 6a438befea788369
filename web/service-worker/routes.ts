/**
 * Addresses below this origin that the service worker answers itself: files that the pages of this browser have.
 * No server knows them.
 */

export type Route =
  /** A file of a share, complete or still arriving. */
  | { readonly type: "media"; readonly share: string; readonly file: number; readonly name: string }
  /** Something that a page has offered to save, under an id of its own. */
  | { readonly type: "save"; readonly id: string };

const MEDIA = /^\/media\/([^/]+)\/(\d{1,7})\/([^/]+)$/;
const SAVE = /^\/save\/([^/]+)\/[^/]+$/;

/** @returns undefined for everything that the network answers. */
export function routeOf(pathname: string): Route | undefined {
  const media = MEDIA.exec(pathname);
  const save = SAVE.exec(pathname);
  try {
    if (media !== null) {
      const [, share = "", file = "", name = ""] = media;
      return {
        type: "media",
        share: decodeURIComponent(share),
        file: Number(file),
        name: decodeURIComponent(name),
      };
    }
    if (save !== null) return { type: "save", id: decodeURIComponent(save[1] ?? "") };
  } catch {
    // Escapes that are none: no page made this address.
  }
  return undefined;
}

export function mediaPath(share: string, file: number, name: string): string {
  return `/media/${encodeURIComponent(share)}/${file}/${encodeURIComponent(name)}`;
}

export function savePath(id: string, name: string): string {
  return `/save/${encodeURIComponent(id)}/${encodeURIComponent(name)}`;
}
