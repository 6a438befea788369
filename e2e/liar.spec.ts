import { sha256OfFile } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";
import { slowDown } from "./slow-link.ts";

const SIZE = 6_000_000;

/** Makes this person's tab change a byte of every block that a channel message begins with; all else stays right. */
async function makeLie(person: Person): Promise<void> {
  await person.page.context().addInitScript(() => {
    // The length of a `piece` message with a whole block, and its id.
    const HEADER = [0x00, 0x00, 0x40, 0x09, 0x07];
    const send = RTCDataChannel.prototype.send as (this: RTCDataChannel, data: unknown) => void;
    RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: unknown) {
      if (!(data instanceof Uint8Array) || HEADER.some((byte, at) => data[at] !== byte)) {
        return send.call(this, data);
      }
      const bytes = data.slice();
      bytes[1000] = (bytes[1000] ?? 0) ^ 0xff;
      return send.call(this, bytes);
    };
  });
}

test("who sends wrong bytes is found out and dropped, and the file still arrives whole", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "plans.bin", SIZE);
  const sender = await newPerson("sender");
  const liar = await newPerson("liar");
  const receiver = await newPerson("receiver");
  await makeLie(liar);
  // So that the liar is asked for a part of it.
  await slowDown(sender, SIZE / 3);

  const link = await sender.shareFiles(path);
  await liar.download(link);
  await liar.waitForState("done");
  await receiver.openLink(link);
  await receiver.waitUntil("both are there", ({ peers }) => peers.length === 2);
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");

  const share = await receiver.snapshot();
  expect(share.dropped.map(({ reason }) => reason)).toContain("data-corrupt");
  expect(share.wasted).toBeGreaterThan(0);
  const senderId = share.peers.find((peer) => peer.downloaded > 0)?.id;
  expect(share.dropped.map(({ peer }) => peer)).not.toContain(senderId);
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});
