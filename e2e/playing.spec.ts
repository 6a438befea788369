/** A film is watched while it arrives. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { readTrace } from "../web/engine/trace-reader.ts";
import { FILM_SECONDS, hasFfmpeg, makeFilm } from "./films.ts";
import { expect, test } from "./fixtures.ts";
import type { Person } from "./person.ts";
import { slowDown } from "./slow-link.ts";

if (!hasFfmpeg)
  process.stderr.write("SKIPPED: films played while they arrive, since ffmpeg is not installed\n");

const RATE = 300_000;
/** One letter for each piece: "x" where it is here. */
async function pieces(person: Person): Promise<string> {
  const { pieceMap } = await person.snapshot();
  return [...pieceMap.cells].map((cell) => (cell === 2 ? "x" : ".")).join("");
}

/** Something of the engine's own record: a piece that was stored, or that became the next to be played. */
interface Event {
  readonly what: "stored" | "next";
  readonly piece: number;
}

/** What happened so far, in order: seconds differ from machine to machine, this does not. */
async function events(person: Person): Promise<Event[]> {
  const [text = ""] = await person.traces();
  const trace = readTrace(text);
  if (!trace.ok) throw new Error(`The trace can't be read from line ${trace.reason.line} on.`);
  return trace.value.steps.flatMap(({ input }): Event[] => {
    if (input.type === "window-set") return [{ what: "next", piece: input.first }];
    return input.type === "piece-committed" ? [{ what: "stored", piece: input.piece }] : [];
  });
}

/** As many pieces as may come to their end before what is played next: what was under way, a second of the line, and one. */
const piecesUnderWay = (pieceLength: number) => Math.ceil(RATE / pieceLength) + 1;

const storedIn = (events: readonly Event[]) =>
  events.filter(({ what }) => what === "stored").map(({ piece }) => piece);

for (const format of ["webm", "mp4"] as const) {
  test(`a ${format} film plays while most of it is missing, and after a jump the pieces of that place come first`, async ({
    newPerson,
  }, testInfo) => {
    test.skip(!hasFfmpeg, "ffmpeg is not installed");
    const path = await makeFilm(dirname(testInfo.outputPath()), format);
    const sender = await newPerson("sender");
    const receiver = await newPerson("receiver");
    await slowDown(sender, RATE);
    await receiver.download(await sender.shareFiles(path));
    const player = receiver.page.getByTestId("player");
    const playsFrom = (second: number) =>
      expect
        .poll(() => player.evaluate((video: HTMLVideoElement) => video.currentTime), { intervals: [50] })
        .toBeGreaterThan(second);

    await receiver.page.getByTestId("play").click();
    const pressedAt = performance.now();
    await playsFrom(0.1);
    const startSeconds = (performance.now() - pressedAt) / 1000;
    const atStart = await pieces(receiver);
    const toStart = await events(receiver);
    const underWay = piecesUnderWay((await receiver.snapshot()).pieceLength);
    const last = atStart.length - 1;
    expect(atStart).toContain(".");
    expect(storedIn(toStart)[0]).toBe(0);
    // Its index is at its end: no more than what was under way came before that.
    if (format === "mp4") expect(storedIn(toStart).slice(0, underWay)).toContain(last);

    // Somewhere in the second half where nothing is here yet.
    const target = atStart.indexOf("...", Math.floor(last / 2)) + 1;
    expect(target).toBeGreaterThan(0);
    const second = (FILM_SECONDS * (target + 0.5)) / atStart.length;
    await player.evaluate((video: HTMLVideoElement, to) => {
      video.currentTime = to;
    }, second);
    const soughtAt = performance.now();
    await playsFrom(second + 0.1);
    const seekSeconds = (performance.now() - soughtAt) / 1000;
    const atSeek = await pieces(receiver);
    const all = await events(receiver);
    const afterJump = all.slice(toStart.length);
    const jump = afterJump.findIndex(
      ({ what, piece }) => what === "next" && piece > last / 2 && piece < last,
    );
    // No more than what was under way came before the one that is played.
    expect(storedIn(afterJump.slice(jump)).slice(0, underWay)).toContain(afterJump[jump]?.piece);
    const came = all.findIndex(({ what, piece }) => what === "stored" && piece === afterJump[jump]?.piece);
    const before = new Set(storedIn(all.slice(0, came)));
    expect(Array.from({ length: target }, (_, piece) => before.has(piece))).toContain(false);
    const { downloaded, wasted } = await receiver.snapshot();
    expect(wasted).toBeLessThanOrEqual(downloaded / 100);
    const figures = { format, startSeconds, atStart, seekSeconds, atSeek };
    testInfo.annotations.push({ type: "figures", description: JSON.stringify(figures) });
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  });
}

test("a film goes on when the browser ends the service worker in the middle of it, and when it is tried again after nothing came", async ({
  newPerson,
}, testInfo) => {
  test.skip(!hasFfmpeg, "ffmpeg is not installed");
  const path = await makeFilm(dirname(testInfo.outputPath()), "webm");
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await slowDown(sender, RATE);
  await receiver.download(await sender.shareFiles(path));
  await receiver.page.getByTestId("play").click();
  const player = receiver.page.getByTestId("player");
  const now = () => player.evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect.poll(now, { intervals: [50] }).toBeGreaterThan(0.1);

  const devtools = await receiver.page.context().newCDPSession(receiver.page);
  await devtools.send("ServiceWorker.enable");
  await devtools.send("ServiceWorker.stopAllWorkers");
  await player.evaluate((video: HTMLVideoElement) => {
    video.playbackRate = 2;
  });
  await expect.poll(now, { timeout: 60_000 }).toBeGreaterThan(FILM_SECONDS / 2);
  const jumped = player.evaluate((video: HTMLVideoElement) => {
    video.currentTime = 1;
    return video.currentTime;
  });
  expect(await jumped).toBe(1);
  await expect.poll(now).toBeGreaterThan(1.1);

  // Nothing comes any more, until somebody tries again. By another name, or the browser plays what it kept of it.
  await devtools.send("Network.enable");
  await devtools.send("Network.setBypassServiceWorker", { bypass: true });
  await player.evaluate((video: HTMLVideoElement) => {
    video.src += "?anew";
  });
  await expect(receiver.page.getByRole("status")).toContainText("The next part did not come.");
  await devtools.send("Network.setBypassServiceWorker", { bypass: false });
  await receiver.page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(now).toBeGreaterThan(0.1);
  await expect(receiver.page.getByRole("button", { name: "Try again" })).toHaveCount(0);
});

/** A picture of one red point. */
const PICTURE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

test("a picture and a text are shown, and what can't be played or shown says so in a sentence", async ({
  newPerson,
}, testInfo) => {
  const folder = testInfo.outputPath("mixed");
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/a.png`, Buffer.from(PICTURE, "base64"));
  await writeFile(`${folder}/b.txt`, "grüße\nund mehr");
  await writeFile(`${folder}/c.avi`, Buffer.alloc(50_000, 7));
  await writeFile(`${folder}/d.jpg`, "no picture at all");
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFolder(folder));
  await receiver.waitForState("done");
  const { page } = receiver;
  const dialog = page.getByRole("dialog");
  const look = async (button: string, atIt: () => Promise<void>) => {
    await page.getByRole("button", { name: button }).click();
    await atIt();
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  };

  await look("Preview a.png", async () => {
    const picture = dialog.getByRole("img", { name: "a.png" });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1);
  });
  await look("Preview b.txt", () => expect(dialog.getByTestId("preview")).toHaveText("grüße\nund mehr"));
  await look("Play c.avi", () =>
    expect(dialog.getByRole("status")).toContainText("can't play this kind of file"),
  );
  await look("Preview d.jpg", () =>
    expect(dialog.getByRole("alert")).toContainText("can't show this picture"),
  );
});
