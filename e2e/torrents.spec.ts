/** What other programs hand over: .torrent files, magnets and web seeds, in a real browser. */
import { writeFileSync } from "node:fs";
import { sha256OfFile } from "../tools/content.ts";
import { manyFiles, manyPieces } from "../tools/large-torrents.ts";
import { runTorrentCommand } from "../tools/torrent.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";
import { startWebSeed } from "./web-seed-server.ts";

const SIZE = 3_000_000;

/** Chooses a .torrent as a person would, and says that it is to be opened. */
async function openTorrent(person: Person, path: string): Promise<void> {
  await person.goHome();
  await person.page.getByTestId("file-input").setInputFiles(path);
  await person.page.getByTestId("open-torrent").click();
}

test("a .torrent of a public share, saved and opened, leads to it", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "film.bin", SIZE);
  const sender = await newPerson("sender");
  await sender.goHome();
  await sender.page.getByTestId("public-toggle").click();
  await sender.shareFiles(path);
  await sender.page.getByTestId("details").locator("summary").click();
  await expect(sender.page.getByTestId("tracker-row")).toHaveAttribute("data-state", "online");
  const [download] = await Promise.all([
    sender.page.waitForEvent("download"),
    sender.page.getByTestId("save-torrent").click(),
  ]);
  const torrent = testInfo.outputPath("film.bin.torrent");
  await download.saveAs(torrent);
  expect(runTorrentCommand(["info", torrent])).toMatchObject({
    name: "film.bin",
    version: "hybrid",
    size: SIZE,
  });

  const receiver = await newPerson("receiver");
  await openTorrent(receiver, torrent);
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});

test("a private share gives neither a .torrent nor a magnet away", async ({ newPerson }, testInfo) => {
  const sender = await newPerson("sender");
  await sender.shareFiles(await makeFile(testInfo.outputPath(), "diary.txt", 1_000));
  await sender.page.getByTestId("details").locator("summary").click();
  await expect(sender.page.getByTestId("tracker-row")).toBeVisible();
  await expect(sender.page.getByTestId("save-torrent")).toHaveCount(0);
  await expect(sender.page.getByTestId("copy-magnet")).toHaveCount(0);
});

test("a .torrent can be shared as a file like any other", async ({ newPerson }, testInfo) => {
  const torrent = testInfo.outputPath("small.torrent");
  runTorrentCommand(["create", "--out", torrent, await makeFile(testInfo.outputPath(), "small.bin", 1_000)]);
  const sender = await newPerson("sender");
  await sender.goHome();
  await sender.page.getByTestId("file-input").setInputFiles(torrent);
  await sender.page.getByTestId("share-torrent-file").click();
  await sender.waitForState("seeding");
  expect(await sender.snapshot()).toMatchObject({ name: "small.torrent", role: "sender" });
});

test("a web seed brings the files where nobody else has them", async ({ newPerson }, testInfo) => {
  const folder = testInfo.outputPath("mirror");
  const path = await makeFile(folder, "film.bin", SIZE);
  const mirror = await startWebSeed(folder);
  const torrent = testInfo.outputPath("film.torrent");
  runTorrentCommand(["create", "--web-seed", mirror.url, "--out", torrent, path]);
  const receiver = await newPerson("receiver");
  await openTorrent(receiver, torrent);
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
  const { webSeeds } = await receiver.snapshot();
  expect(webSeeds).toMatchObject([{ url: mirror.url, downloaded: SIZE }]);
  expect(mirror.asked.length).toBeLessThan(20);
  await mirror.stop();
});

test("a torrent that makes no sense gets one clear sentence", async ({ newPerson }, testInfo) => {
  const person = await newPerson("person");
  const cases = {
    "hello.torrent": ["hello", "This is not a torrent."],
    "deep.torrent": ["l".repeat(5_000), "This torrent is nested too deeply."],
    "many.torrent": [`l${"0:".repeat(3_000_001)}e`, "There is too much in this torrent."],
  } as const;
  for (const [name, [content, sentence]] of Object.entries(cases)) {
    const path = testInfo.outputPath(name);
    writeFileSync(path, content);
    await openTorrent(person, path);
    await expect(person.page.getByText(sentence)).toBeVisible();
  }
});

for (const [what, make] of [
  ["100,000 files", manyFiles],
  ["100,000 pieces", manyPieces],
] as const) {
  test(`a torrent of ${what} opens, and the page goes on answering`, async ({ newPerson }, testInfo) => {
    const path = testInfo.outputPath("large.torrent");
    writeFileSync(path, make(100_000));
    const person = await newPerson("person");
    await openTorrent(person, path);
    await expect(person.page.getByTestId("download")).toBeEnabled();
    await person.page.getByTestId("details").locator("summary").click();
    await expect(person.page.getByTestId("tracker-row").first()).toBeVisible();
    const share = await person.snapshot();
    expect(Math.max(share.fileCount, share.pieceCount)).toBeGreaterThanOrEqual(100_000);
    // Folders and files that are not in view are not in the document.
    expect(await person.page.locator("*").count()).toBeLessThan(2_000);
  });
}
