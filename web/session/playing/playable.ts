/** Which files are for playing, told by their names alone: only what is fetched first, and in what pieces, follows from it. */

const ENDINGS = /\.(?:aac|flac|m4a|m4v|mkv|mov|mp3|mp4|oga|ogg|ogv|opus|wav|webm)$/i;

interface NamedFile {
  readonly path: readonly string[];
  readonly length: number;
}

/** At least half of the bytes are for playing. */
export function isMostlyPlayed(files: readonly NamedFile[]): boolean {
  const bytesOf = (some: readonly NamedFile[]) => some.reduce((sum, { length }) => sum + length, 0);
  return 2 * bytesOf(files.filter(isPlayable)) >= bytesOf(files);
}

/** The first file that a person who wants `wanted` may want to play; undefined when there is none. */
export function firstPlayable(
  files: readonly NamedFile[],
  wanted: readonly boolean[] | undefined,
): number | undefined {
  const index = files.findIndex(
    (file, index) => file.length > 0 && (wanted?.[index] ?? true) && isPlayable(file),
  );
  return index < 0 ? undefined : index;
}

function isPlayable({ path }: NamedFile): boolean {
  return ENDINGS.test(path.at(-1) ?? "");
}
