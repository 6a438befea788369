/** What a file is, told by the ending of its name alone: enough for an icon, and no more is done with it. */
export type FileKind = "archive" | "audio" | "image" | "video" | "text" | "other";

const endings: Readonly<Record<Exclude<FileKind, "other">, string>> = {
  archive: "7z bz2 gz iso rar tar tgz xz zip zst",
  audio: "aac aiff flac m4a mp3 ogg opus wav wma",
  image: "avif bmp gif heic heif jpeg jpg png raw svg tif tiff webp",
  video: "avi m4v mkv mov mp4 mpeg mpg ogv webm wmv",
  text: "csv doc docx epub htm html json md odp ods odt pdf ppt pptx rtf srt tex txt xls xlsx xml",
};

const kinds = new Map<string, FileKind>(
  (["archive", "audio", "image", "video", "text"] as const).flatMap((kind) =>
    endings[kind].split(" ").map((ending) => [ending, kind] as const),
  ),
);

export function kindOf(name: string): FileKind {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return kinds.get(ending) ?? "other";
}
