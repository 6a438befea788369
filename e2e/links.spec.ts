import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

test("a link that lost its end says so instead of searching", async ({ newPerson }, testInfo) => {
  const sender = await newPerson("sender");
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "note.bin", 1_000));
  const receiver = await newPerson("receiver");

  await receiver.openLink(link.slice(0, -5));
  await expect(receiver.page.getByTestId("notice")).toContainText("cut off");
  await expect(receiver.share).toHaveCount(0);
});

test("a link with a character that no link has says so", async ({ newPerson }, testInfo) => {
  const sender = await newPerson("sender");
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "note.bin", 1_000));
  const receiver = await newPerson("receiver");

  await receiver.openLink(link.replace(/#(.{10})./, "#$1!"));
  await expect(receiver.page.getByTestId("notice")).toContainText("damaged");
  await expect(receiver.share).toHaveCount(0);
});

test("the paste field on the home screen opens a link", async ({ newPerson }, testInfo) => {
  const sender = await newPerson("sender");
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "note.bin", 1_000));
  const receiver = await newPerson("receiver");

  await receiver.goHome();
  await receiver.page.getByTestId("link-input").fill(link);
  await receiver.page.getByTestId("link-input").press("Enter");
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");
});

test("when nobody with a copy is there, the receiver is told", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "note.bin", 300_000);
  const sender = await newPerson("sender");
  const link = await sender.shareFiles(path);
  await sender.leave();

  const receiver = await newPerson("receiver");
  await receiver.openLink(link);
  // On a busy machine it may be said before that the server takes long.
  await receiver.waitUntil("it is told why", ({ problem }) => problem?.code === "nobody-here");
  await receiver.waitForState("waiting");
  await expect(receiver.page.getByTestId("notice")).toContainText("Nobody is at the other end");
});
