/**
 * How soon a film plays while it arrives over a slow line, and how soon it goes on after a jump to its last quarter,
 * beside the least that either can take: the bytes that are needed and not here yet, at the line's rate.
 *
 * Needed are whole pieces, because nothing is played that was not checked: those of the file's ends (a player reads
 * what kind of film it is at one and often its index at the other), and those from the key frame before the place that
 * is jumped to until that place, as ffprobe finds them.
 */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import type { BrowserContext, Page } from "@playwright/test";
import { FILM_SECONDS, makeFilm } from "../e2e/films.ts";
import { slowDown } from "../e2e/slow-link.ts";
import { median, table } from "./figures.ts";
import { keepNames } from "./keep-names.ts";
import { shareWithShoal, startShoal } from "./shoal.ts";

export const FILM_FORMATS = ["mp4", "webm"] as const;
export type FilmFormat = (typeof FILM_FORMATS)[number];

export interface PlayingFigures {
  readonly startSeconds: number;
  /** The least that the start can take. */
  readonly startBoundSeconds: number;
  readonly seekSeconds: number;
  readonly seekBoundSeconds: number;
  /** Bytes that came twice, 0 … 1 of all that came. */
  readonly wasted: number;
}

const RATE = 300_000;
/** Value of a piece that is here, in the piece map. */
const HAVE = 2;
const JUMP_TO = FILM_SECONDS * 0.75;

interface Moment {
  readonly seconds: number;
  /** Numbers of the pieces that were here when the button was pressed, or the film was moved. */
  readonly here: readonly number[];
}

/** @param folder for the film; the browser's profile is fresh. */
export async function measurePlaying(
  profile: BrowserContext,
  folder: string,
  format: FilmFormat,
): Promise<PlayingFigures> {
  const path = await makeFilm(folder, format);
  const { size } = statSync(path);
  const shoal = await startShoal();
  try {
    const sender = await profile.newPage();
    await slowDown({ page: sender }, RATE);
    await sender.goto(shoal.url);
    const link = await shareWithShoal(sender, path);
    const receiver = await profile.newPage();
    await keepNames(receiver);
    await receiver.goto(link);
    await receiver.getByTestId("download").click();
    await receiver.getByTestId("play").waitFor();
    const start = await receiver.evaluate(watchStart, HAVE);
    const seek = await receiver.evaluate(watchSeek, { have: HAVE, to: JUMP_TO });
    const { pieceLength, downloaded, wasted } = await shareOf(receiver);
    const lacking = (pieces: Iterable<number>, here: readonly number[]) =>
      [...new Set(pieces)]
        .filter((piece) => !here.includes(piece))
        .reduce((bytes, piece) => bytes + Math.min(pieceLength, size - piece * pieceLength), 0);
    const last = Math.ceil(size / pieceLength) - 1;
    const { from, to } = bytesOfJump(path, JUMP_TO);
    const played = Array.from({ length: last + 1 }, (_, piece) => piece).filter(
      (piece) => piece >= Math.floor(from / pieceLength) && piece <= Math.floor(to / pieceLength),
    );
    return {
      startSeconds: start.seconds,
      startBoundSeconds: lacking(format === "mp4" ? [0, last] : [0], start.here) / RATE,
      seekSeconds: seek.seconds,
      seekBoundSeconds: lacking([...played, last], seek.here) / RATE,
      wasted: wasted / (downloaded + wasted),
    };
  } finally {
    await shoal.close();
  }
}

function shareOf(page: Page): Promise<{ pieceLength: number; downloaded: number; wasted: number }> {
  return page.evaluate(async () => {
    const [share] = (await window.shoal.snapshot()).shares;
    if (share === undefined) throw new Error("The share is gone.");
    return { pieceLength: share.pieceLength, downloaded: share.downloaded, wasted: share.wasted };
  });
}

/** Where in the file the pictures lie that are needed to show the one at `second`: from the key frame before it. */
function bytesOfJump(path: string, second: number): { from: number; to: number } {
  const entries = ["-show_entries", "packet=pts_time,pos,flags", "-of", "csv=p=0"];
  const args = ["-v", "error", "-select_streams", "v", ...entries, path];
  const { stdout } = spawnSync("ffprobe", args, { encoding: "utf8" });
  const before = stdout
    .split("\n")
    .map((line) => line.split(","))
    .map(([time, position, flags]) => ({ time: Number(time), at: Number(position), flags }))
    .filter(({ time, at }) => time <= second && at > 0);
  const key = before.findLast(({ flags }) => flags?.startsWith("K"));
  return { from: key?.at ?? 0, to: before.at(-1)?.at ?? 0 };
}

/** Runs in the page: presses Play and waits until the film moves. */
async function watchStart(have: number): Promise<Moment> {
  const [share] = (await window.shoal.snapshot()).shares;
  const here = [...(share?.pieceMap.cells ?? [])].flatMap((cell, piece) => (cell === have ? [piece] : []));
  const startedAt = performance.now();
  document.querySelector<HTMLElement>('[data-testid="play"]')?.click();
  await new Promise<void>((resolve) => {
    const look = () => {
      if ((document.querySelector("video")?.currentTime ?? 0) > 0) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
  return { seconds: (performance.now() - startedAt) / 1000, here };
}

/** Runs in the page: moves the film and waits until it goes on from there. */
async function watchSeek({ have, to }: { have: number; to: number }): Promise<Moment> {
  const [share] = (await window.shoal.snapshot()).shares;
  const here = [...(share?.pieceMap.cells ?? [])].flatMap((cell, piece) => (cell === have ? [piece] : []));
  const video = document.querySelector("video");
  if (video === null) throw new Error("There is no player.");
  const startedAt = performance.now();
  video.currentTime = to;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (video.currentTime > to) resolve();
      else requestAnimationFrame(look);
    };
    look();
  });
  return { seconds: (performance.now() - startedAt) / 1000, here };
}

/** One column for each format, medians of its runs. */
export function playingTable(runs: Readonly<Record<FilmFormat, readonly PlayingFigures[]>>): string {
  const of = (figure: keyof PlayingFigures) =>
    FILM_FORMATS.map((format) => median(runs[format].map((run) => run[figure])));
  const seconds = (figure: keyof PlayingFigures) => of(figure).map((value) => value.toFixed(2));
  return table([
    ["", ...FILM_FORMATS],
    ["Play to the first picture, s", ...seconds("startSeconds")],
    ["its bytes at the line's rate, s", ...seconds("startBoundSeconds")],
    ["jump to the picture there, s", ...seconds("seekSeconds")],
    ["its bytes at the line's rate, s", ...seconds("seekBoundSeconds")],
    ["came twice", ...of("wasted").map((share) => `${(share * 100).toFixed(1)} %`)],
  ]);
}

export const playingTitle = `a film of a megabit a second over ${RATE / 1000} kB/s`;
