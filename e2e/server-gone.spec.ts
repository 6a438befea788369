import { sha256OfFile } from "../tools/content.ts";
import { startServer } from "../tools/server.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 8_000_000;
/** So little that nothing is complete before the server is gone, however slow the machine. */
const BYTES_PER_SECOND = 100_000;

test("once people are introduced the server may go: what runs goes on", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const server = await startServer();
  const sender = await newPerson("sender", server.url);
  const receiver = await newPerson("receiver", server.url);

  await slowDown(sender, BYTES_PER_SECOND);
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitUntil("some of it is here", (share) => share.have > 0);
  await server.stop();
  expect((await receiver.snapshot()).state).toBe("downloading");
  await letGo(sender);

  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
  await expect(receiver.page.getByTestId("connection")).toContainText("Can't reach the introduction server");
});

test("a server that is killed and comes back is not noticed by what runs, and new tabs are let in", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "film.bin", SIZE);
  const first = await startServer();
  const sender = await newPerson("sender", first.url);
  const receiver = await newPerson("receiver", first.url);
  await slowDown(sender, BYTES_PER_SECOND);
  const link = await sender.shareFiles(path);
  await receiver.download(link);
  await receiver.waitUntil("some of it is here", (share) => share.have > 0);

  await first.kill();
  const before = await receiver.snapshot();
  expect(before.state).toBe("downloading");
  await receiver.waitUntil("more comes without a server", (share) => share.have > before.have);

  const second = await startServer({ PORT: new URL(first.url).port });
  const latecomer = await newPerson("latecomer", second.url);
  await latecomer.openLink(link);
  await latecomer.waitUntil("somebody is there", (share) => share.peers.length > 0);
  expect((await receiver.snapshot()).state).toBe("downloading");
  await letGo(sender);

  await receiver.waitForState("done");
  expect((await receiver.snapshot()).dropped).toEqual([]);
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
  await second.stop();
});
