import { sha256OfFile } from "../tools/content.ts";
import { startServer } from "../tools/server.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

test("once people are introduced the server may go: what runs goes on", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", 60_000_000);
  const server = await startServer();
  const sender = await newPerson("sender", server.url);
  const receiver = await newPerson("receiver", server.url);

  await receiver.download(await sender.shareFiles(path));
  await receiver.waitUntil("some of it is here", (share) => share.have > 0);
  await server.stop();
  expect((await receiver.snapshot()).state).toBe("downloading");

  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
  await expect(receiver.page.getByTestId("connection")).toContainText("Can't reach the introduction server");
});
