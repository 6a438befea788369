import { expect, test } from "vitest";
import { firstPlayable, isMostlyPlayed } from "./playable.ts";

const files = [
  { path: ["read me.txt"], length: 5 },
  { path: ["empty.mp4"], length: 0 },
  { path: ["holiday", "Film.MP4"], length: 7 },
  { path: ["song.mp3"], length: 7 },
];

test("the first film or song that is wanted and not empty may be played soon", () => {
  expect(firstPlayable(files, undefined)).toBe(2);
  expect(firstPlayable(files, [true, true, false, true])).toBe(3);
});

test("where there is neither, nothing is", () => {
  expect(firstPlayable(files, [true, true, false, false])).toBeUndefined();
  expect(firstPlayable(files.slice(0, 1), undefined)).toBeUndefined();
});

test("a share is mostly played when half of its bytes are", () => {
  const song = { path: ["song.mp3"], length: 7 };
  expect(isMostlyPlayed([song, { path: ["cover.png"], length: 7 }])).toBe(true);
  expect(isMostlyPlayed([song, { path: ["cover.png"], length: 8 }])).toBe(false);
});
