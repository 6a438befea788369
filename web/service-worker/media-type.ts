/**
 * What a file is served as: decided by its name and this table alone, never by what is in it or what anybody says.
 *
 * Invariant: nothing in this table can run script in the page's origin. Whatever is not in it, HTML and SVG first
 * of all, is bytes to be saved.
 */

const types: Readonly<Record<string, string>> = {
  aac: "audio/aac",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp3: "audio/mpeg",
  oga: "audio/ogg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  wav: "audio/wav",

  m4v: "video/mp4",
  // Chromium plays most of these two, and refuses both by their own names.
  mov: "video/mp4",
  mkv: "video/webm",
  mp4: "video/mp4",
  ogv: "video/ogg",
  webm: "video/webm",

  avif: "image/avif",
  bmp: "image/bmp",
  gif: "image/gif",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",

  pdf: "application/pdf",
};

const known = new Map(Object.entries(types));

/** @returns undefined for a file that may only be saved. */
export function mediaTypeOf(name: string): string | undefined {
  return known.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "");
}
