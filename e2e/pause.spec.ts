import { sha256OfFile } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 8_000_000;

test("a paused download rests until it is resumed, and loses nothing", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "film.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");

  // So little that it is not complete before it is paused, however slow the machine.
  await slowDown(sender, 600_000);
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitUntil("some of it is here", (share) => share.have > 0);
  await receiver.page.getByTestId("pause").click();
  await receiver.waitForState("paused");
  await receiver.waitUntil(
    "nobody is asked for more",
    ({ peers }) => !peers.some((peer) => peer.amInterested),
  );
  expect((await receiver.snapshot()).have).toBeLessThan(SIZE);

  await letGo(sender);
  await receiver.page.getByTestId("resume").click();
  await receiver.waitForState("done");
  const share = await receiver.snapshot();
  expect(share.have).toBe(SIZE);
  expect(share.downloaded).toBe(SIZE);
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});

test("only the files that were chosen are downloaded", async ({ newPerson }, testInfo) => {
  const folder = testInfo.outputPath("trip");
  await makeFile(folder, "large.bin", 5_000_000);
  const small = await makeFile(folder, "small.bin", 700_000);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");

  await receiver.openLink(await sender.shareFolder(folder));
  await receiver.page.getByRole("checkbox", { name: "Download large.bin" }).uncheck();
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");

  const share = await receiver.snapshot();
  expect(share.downloaded).toBe(700_000);
  const saved = await receiver.saveToFolder();
  expect(saved).toEqual({ "trip/small.bin": await sha256OfFile(small) });
});
