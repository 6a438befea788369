/** Real films, made by ffmpeg where there is one. */
import { spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { findCommand } from "../tools/command.ts";

export const hasFfmpeg = findCommand("ffmpeg") !== undefined;

export const FILM_SECONDS = 30;

/** A megabit a second. Both formats have their index at the end, where it comes last. */
const formats = {
  webm: "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M -minrate 1M -maxrate 1M",
  mp4: "-c:v libx264 -preset ultrafast -b:v 1M -minrate 1M -maxrate 1M -bufsize 1M",
};

/** @returns its path. */
export async function makeFilm(folder: string, format: keyof typeof formats): Promise<string> {
  const path = `${folder}/film.${format}`;
  await mkdir(folder, { recursive: true });
  const source = `testsrc2=size=320x180:rate=15:duration=${FILM_SECONDS},noise=alls=40:allf=t`;
  const codec = formats[format].split(" ");
  const args = [
    "-v",
    "error",
    "-f",
    "lavfi",
    "-i",
    source,
    ...codec,
    "-g",
    "15",
    "-pix_fmt",
    "yuv420p",
    path,
  ];
  const { status, stderr } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ffmpeg made no film: ${stderr}`);
  return path;
}
