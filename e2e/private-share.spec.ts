import { expect, test } from "./fixtures.ts";
import { startMeddlingProxy } from "./meddling-proxy.ts";
import { makeFile } from "./person.ts";

const FILE_NAME = "salaries of everybody.bin";

test("of a private share the server sees no infohash, name, address, description or fingerprint", async ({
  newPerson,
  server,
}, testInfo) => {
  const proxy = await startMeddlingProxy(server.url);
  const sender = await newPerson("sender", proxy.url);
  const receiver = await newPerson("receiver", proxy.url);
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), FILE_NAME, 300_000));
  await receiver.download(link);
  await receiver.waitForState("done");

  const seen = proxy.seen();
  expect(seen).toContain('"offer"');
  expect(seen).toContain('"answer"');
  const { infohashV2 } = await sender.snapshot();
  const secrets = [infohashV2, Buffer.from(infohashV2, "hex").toString("latin1"), link.split("#")[1] ?? ""];
  for (const secret of [...secrets, "salaries", "v=0", "fingerprint", "candidate:", "ice-ufrag", "sha-256"]) {
    expect(secret).not.toBe("");
    expect(seen).not.toContain(secret);
  }
  await proxy.close();
});

test("a server that changes descriptions on their way gets nobody connected", async ({
  newPerson,
  server,
}, testInfo) => {
  let changed = 0;
  // One character of the sealed text: where in it the fingerprint is, nobody but the tabs knows.
  const proxy = await startMeddlingProxy(server.url, (text) =>
    text.replace(/("sdp":"[^"]{100})(.)/, (_, before: string, character: string) => {
      changed++;
      return before + (character === "A" ? "B" : "A");
    }),
  );
  const sender = await newPerson("sender", proxy.url);
  const receiver = await newPerson("receiver", proxy.url);
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), FILE_NAME, 300_000));
  await receiver.openLink(link);
  await receiver.waitForState("waiting");

  await expect.poll(() => changed, { message: "an offer was changed" }).toBeGreaterThan(0);
  await receiver.waitUntil("it has looked for a while", (share) => share.state === "waiting");
  for (const person of [sender, receiver]) expect((await person.snapshot()).peers).toEqual([]);
  await proxy.close();
});
