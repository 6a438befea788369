import { sha256OfFile } from "../tools/content.ts";
import type { ShareSnapshot } from "../web/session/snapshot.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";
import { slowDown } from "./slow-link.ts";

const SIZE = 12_000_000;
const HAVE = 2;

/** Everything is somewhere among these people, though nobody needs to have all of it. */
async function holdEverything(people: readonly Person[]): Promise<boolean> {
  const shares = await Promise.all(people.map((person) => person.snapshot()));
  const has = ({ pieceMap }: ShareSnapshot, piece: number) => pieceMap.cells[piece] === HAVE;
  const pieceCount = shares[0]?.pieceCount ?? 0;
  const pieces = Array.from({ length: pieceCount }, (_, piece) => piece);
  return pieceCount > 0 && pieces.every((piece) => shares.some((share) => has(share, piece)));
}

test("the sender may leave as soon as one copy is out", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "lecture.bin", SIZE);
  const sender = await newPerson("sender");
  const receivers = await Promise.all(["ana", "bo", "chi", "dee"].map((name) => newPerson(name)));

  const link = await sender.shareFiles(path);
  await Promise.all(receivers.map((receiver) => receiver.download(link)));
  await expect
    .poll(() => holdEverything(receivers), {
      message: "a copy is out among them",
      intervals: [100],
      timeout: 60_000,
    })
    .toBe(true);
  await sender.leave();

  await Promise.all(receivers.map((receiver) => receiver.waitForState("done")));
  const wanted = await sha256OfFile(path);
  for (const receiver of receivers) expect((await receiver.save()).sha256).toBe(wanted);
});

test("when the only sender leaves too early, the receiver keeps what it has and waits", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "lecture.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");

  await slowDown(sender, 600_000);
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitUntil("some of it is here", (share) => share.have > 0);
  await sender.leave();

  await receiver.waitForState("waiting");
  const share = await receiver.snapshot();
  expect(share.problem).toMatchObject({ code: "source-gone" });
  expect(share.have).toBeGreaterThan(0);
  expect(share.have).toBeLessThan(SIZE);
});
