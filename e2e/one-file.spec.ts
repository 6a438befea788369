import { sha256OfFile } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 8_000_000;

test("a file reaches the person who opens the link, byte for byte", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");

  const link = await sender.shareFiles(path);
  await receiver.download(link);
  await receiver.waitForState("done");

  expect(await receiver.save()).toEqual({ name: "holiday.bin", sha256: await sha256OfFile(path) });
  const share = await receiver.snapshot();
  expect(share.have).toBe(SIZE);
  expect(share.downloaded).toBe(SIZE);
  await expect(receiver.page.getByTestId("progress").first()).toHaveAttribute("aria-valuenow", "100");
});

test("who has the file passes it on: a third person gets it from both", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const second = await newPerson("second");
  const third = await newPerson("third");
  for (const person of [sender, second]) await slowDown(person, Number.MAX_SAFE_INTEGER);

  const link = await sender.shareFiles(path);
  await second.download(link);
  await second.waitForState("done");
  await third.openLink(link);
  await third.waitUntil("both are there", ({ peers }) => peers.length === 2);
  // Neither has given all of it before the other one, however busy, has begun.
  for (const person of [sender, second]) await letGo(person, SIZE / 4);
  await third.page.getByTestId("download").click();
  await third.waitForState("done");

  const { peers } = await third.snapshot();
  expect(peers.filter((peer) => peer.downloaded > 0)).toHaveLength(2);
  expect((await second.snapshot()).uploaded).toBeGreaterThan(0);
  expect((await third.save()).sha256).toBe(await sha256OfFile(path));
});
