/** Real films, made by ffmpeg where there is one. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { findCommand } from "../tools/command.ts";

export const hasFfmpeg = findCommand("ffmpeg") !== undefined;

export const FILM_SECONDS = 30;

/** A megabit a second. Both formats have their index at the end, where it comes last. */
const formats = {
  webm: "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 1M -minrate 1M -maxrate 1M",
  mp4: "-c:v libx264 -preset ultrafast -b:v 1M -minrate 1M -maxrate 1M -bufsize 1M",
};

/** Made once for all who want it in this folder, as that takes seconds. @returns its path. */
export async function makeFilm(folder: string, format: keyof typeof formats): Promise<string> {
  const path = join(folder, `film.${format}`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const source = `testsrc2=size=320x180:rate=15:duration=${FILM_SECONDS},noise=alls=40:allf=t`;
  // Another lane may make it at the same time.
  const made = join(folder, `${process.pid}.${format}`);
  const options = ["-v", "error", "-y", "-f", "lavfi", "-i", source, ...formats[format].split(" ")];
  const args = [...options, "-g", "15", "-pix_fmt", "yuv420p", made];
  const { status, stderr } = spawnSync("ffmpeg", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`ffmpeg made no film: ${stderr}`);
  await rename(made, path);
  return path;
}
