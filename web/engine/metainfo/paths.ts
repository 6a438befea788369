/**
 * File names from untrusted torrents, made safe to show and to write.
 *
 * Invariants
 *  1. A component is never empty, `.` or `..`, holds no separator and no control character, and is at most
 *     MAX_NAME_BYTES long.
 *  2. A path has at most MAX_PATH_COMPONENTS, a torrent at most MAX_FILES: what is done for every folder of every
 *     path stays bounded.
 *  3. No two files get the same path, and no file gets a path that another file needs as a folder.
 *
 * BEP 52 asks for `.` and `..` to be neutralised after overlong UTF-8 is; replacing characters rather than
 * dropping components is libtorrent's way. Two files that *say* the same safe path cannot be told apart by
 * anybody: that is refused. Paths that became the same only here are renamed (`name.1`).
 */
import { concatBytes, equalBytes } from "../bytes.ts";
import { MAX_FILES, MAX_NAME_BYTES, MAX_PATH_COMPONENTS } from "../limits.ts";
import { fail, ok, type Result } from "../units.ts";
import { asPlainAscii, fromUtf8, toUtf8 } from "./text.ts";

/** Of a name, bytes; four times what is kept of it. */
const LONGEST_DECODED_BYTES = 4 * MAX_NAME_BYTES;

/** Separators, control characters, and marks that turn the reading direction to disguise an extension. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const unsafeCharacters = /[/\\\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export type PathReason = "duplicate-path" | "path-too-deep" | "too-many-files";

/** A component as it may be used, from the bytes that the torrent has. */
export function safeName(bytes: Uint8Array): string {
  const plain = bytes.length <= MAX_NAME_BYTES ? asPlainAscii(bytes) : undefined;
  if (plain !== undefined && !/[/\\]/.test(plain)) return orUnderscore(plain);
  return orUnderscore(shorten(fromUtf8(withoutMiddle(bytes)).replace(unsafeCharacters, "")));
}

function orUnderscore(name: string): string {
  return name === "" || name === "." || name === ".." ? "_" : name;
}

/** A name of megabytes is not worth decoding to be cut. */
function withoutMiddle(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= LONGEST_DECODED_BYTES) return bytes;
  const half = LONGEST_DECODED_BYTES / 2;
  return concatBytes([bytes.subarray(0, half), bytes.subarray(-half)]);
}

/** Cuts a long name in its middle, so that its extension stays. */
function shorten(name: string): string {
  if (toUtf8(name).length <= MAX_NAME_BYTES) return name;
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? "";
  const characters = [...name.slice(0, name.length - extension.length)];
  let room = MAX_NAME_BYTES - toUtf8(extension).length;
  let kept = "";
  for (const character of characters) {
    room -= toUtf8(character).length;
    if (room < 0) break;
    kept += character;
  }
  return kept + extension;
}

/** Safe and distinct paths for all files of a torrent, in their order. */
export function safePaths(rawPaths: readonly (readonly Uint8Array[])[]): Result<string[][], PathReason> {
  if (rawPaths.length > MAX_FILES) return fail("too-many-files");
  if (rawPaths.some((components) => components.length > MAX_PATH_COMPONENTS)) return fail("path-too-deep");
  const paths = rawPaths.map((components) => components.map(safeName));
  const folders = foldersOf(paths);
  const said = new Set<string>();
  const taken = new Set<string>();
  const suffixes = new Map<string, number>();
  for (const [file, path] of paths.entries()) {
    const wished = key(path);
    if (isUnchanged(rawPaths[file] ?? [], path)) {
      if (said.has(wished)) return fail("duplicate-path");
      said.add(wished);
    }
    let chosen = wished;
    while (taken.has(chosen) || folders.has(chosen)) {
      const suffix = (suffixes.get(wished) ?? 0) + 1;
      suffixes.set(wished, suffix);
      chosen = `${wished}.${suffix}`;
    }
    taken.add(chosen);
    if (chosen !== wished) paths[file] = chosen.split("/");
  }
  return ok(paths);
}

/** Every folder that a file needs. */
function foldersOf(paths: readonly (readonly string[])[]): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    // Neighbours are mostly in one folder: when that is known, those above it are too.
    for (let depth = path.length - 1; depth > 0; depth--) {
      const folder = key(path.slice(0, depth));
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}

/** No component holds a separator, so this is the path's own text. */
function key(path: readonly string[]): string {
  return path.join("/");
}

function isUnchanged(raw: readonly Uint8Array[], path: readonly string[]): boolean {
  return raw.every((component, depth) => {
    const name = path[depth] ?? "";
    return asPlainAscii(component) === name || equalBytes(component, toUtf8(name));
  });
}
