/** Which files are for playing, told by their names alone: only what is fetched first follows from it. */

const ENDINGS = /\.(?:aac|flac|m4a|m4v|mkv|mov|mp3|mp4|oga|ogg|ogv|opus|wav|webm)$/i;

/** The first file that a person who wants `wanted` may want to play; undefined when there is none. */
export function firstPlayable(
  files: readonly { readonly path: readonly string[]; readonly length: number }[],
  wanted: readonly boolean[] | undefined,
): number | undefined {
  const index = files.findIndex(
    ({ path, length }, file) => length > 0 && (wanted?.[file] ?? true) && ENDINGS.test(path.at(-1) ?? ""),
  );
  return index < 0 ? undefined : index;
}
