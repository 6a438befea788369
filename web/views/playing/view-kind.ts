/**
 * How a file can be looked at here, told by the ending of its name alone. Whatever could run something of its own,
 * such as a page or a drawing with scripts in it, is text or nothing.
 */
export type ViewKind = "video" | "audio" | "image" | "pdf" | "text";

const endings: Readonly<Record<ViewKind, string>> = {
  video: "avi m4v mkv mov mp4 mpeg mpg ogv webm wmv",
  audio: "aac aiff flac m4a mp3 oga ogg opus wav wma",
  image: "avif bmp gif jpeg jpg png webp",
  pdf: "pdf",
  text: "c cpp css csv go h htm html ini java js json log md py rs sh srt svg tex toml ts tsx txt vtt xml yaml yml",
};

const kinds = new Map<string, ViewKind>(
  (["video", "audio", "image", "pdf", "text"] as const).flatMap((kind) =>
    endings[kind].split(" ").map((ending) => [ending, kind] as const),
  ),
);

export function viewKindOf(name: string): ViewKind | undefined {
  return kinds.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "");
}

/** It is of use before all of it is here. */
export function isPlayed(kind: ViewKind): boolean {
  return kind === "video" || kind === "audio";
}
