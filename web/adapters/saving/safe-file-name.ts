/**
 * Names that strangers chose, made safe for every file system and honest to the eye. Only what is saved gets
 * the safe name; what is shared keeps its own.
 *
 * Sources: Microsoft, "Naming Files, Paths, and Namespaces"; Unicode TR 36 §2.5 (bidirectional spoofing).
 */

/** Bytes of UTF-8 in a name, at most: ext4 and APFS count so; NTFS counts UTF-16 units, which are never more. */
const MAX_BYTES = 255;

/** What lies beyond is not looked at, so that a name of megabytes costs nothing; UTF-16 units. */
const MAX_LENGTH_READ = 4096;

/** Bytes of an extension that is worth keeping when a name is cut. */
const MAX_EXTENSION_BYTES = 32;

const NAMELESS = "file";

/** Separators, what Windows forbids, control characters, line separators, unpaired surrogates. */
const FORBIDDEN = /[/\\:*?"<>|\p{Cc}\u2028\u2029\p{Cs}]/gu;

/** Turns the direction of text around or takes no room, so that "gpj.exe" looks like "exe.jpg". */
const INVISIBLE = /[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Windows opens a device for these, whatever the extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?= *(?:\.|$))/i;

const utf8 = new TextEncoder();
const characters = new Intl.Segmenter();

/** One component of a path as a file name: never empty, never "..", at most 255 bytes. */
export function safeFileName(name: string): string {
  const visible = name.slice(0, MAX_LENGTH_READ).replace(INVISIBLE, "").replace(FORBIDDEN, "_");
  const safe = shortened(withoutEdges(visible) || NAMELESS, "");
  return DEVICE.test(safe) ? shortened(`_${safe}`, "") : safe;
}

/**
 * Safe names for files that go into one folder: equal ones, also those that differ only in case or in how
 * accents are written, get a number. In the order of `names`.
 */
export function distinctFileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  /** The last number given to a name, so that a thousand equal names are not tried a thousand times each. */
  const copies = new Map<string, number>();
  return names.map((name) => {
    const safe = safeFileName(name);
    let free = safe;
    while (taken.has(sameness(free))) {
      const copy = (copies.get(sameness(safe)) ?? 1) + 1;
      copies.set(sameness(safe), copy);
      free = shortened(safe, ` (${copy})`);
    }
    taken.add(sameness(free));
    return free;
  });
}

function sameness(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** Windows drops dots and spaces at the end, and spaces in front hide what a name is. */
function withoutEdges(name: string): string {
  return name.replace(/^\s+|[\s.]+$/gu, "");
}

/** The name with `mark` before its extension, cut before the mark when it is too long. */
function shortened(name: string, mark: string): string {
  const extension = extensionOf(name);
  const stem = name.slice(0, name.length - extension.length);
  const room = MAX_BYTES - byteCount(mark) - byteCount(extension);
  const kept = byteCount(stem) <= room ? stem : withoutEdges(firstBytes(stem, room)) || NAMELESS;
  return kept + mark + extension;
}

/** ".txt", or nothing when there is none, or it is so long that it says nothing. A leading dot begins no extension. */
function extensionOf(name: string): string {
  const extension = /(?<=.)\.[^.]+$/u.exec(name)?.[0] ?? "";
  return byteCount(extension) <= MAX_EXTENSION_BYTES ? extension : "";
}

/** As many whole characters as have room. */
function firstBytes(text: string, room: number): string {
  let kept = "";
  let bytes = 0;
  for (const { segment } of characters.segment(text)) {
    bytes += byteCount(segment);
    if (bytes > room) break;
    kept += segment;
  }
  return kept;
}

function byteCount(text: string): number {
  return utf8.encode(text).length;
}
