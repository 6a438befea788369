/** What becomes of a share whose file changes on the disk while others download it. */
import { openAsBlob } from "node:fs";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPast, Places, randomFile, SIZE } from "../memory-tabs.ts";

test("a file that changes while it is shared is not given any more, both sides hear it, what lies beside it is, and chosen again it goes on at the same link", async () => {
  const folder = await mkdtemp(join(tmpdir(), "shoal-"));
  const path = join(folder, "holiday.bin");
  const before = new Uint8Array(await randomFile().file.arrayBuffer());
  const write = async (bytes: Uint8Array) => {
    await writeFile(path, bytes);
    await utimes(path, 5, 5);
  };
  const choose = async () => ({
    file: new File([await openAsBlob(path)], "holiday.bin", { lastModified: 5_000 }),
    path: ["holiday.bin"],
  });
  await write(before);
  const other = randomFile("other.bin");
  const places = new Places();
  const sender = await places.tab();
  sender.session.share("s", [await choose(), other], { public: false });
  const { link } = await sender.reach("seeding");
  const receiver = await places.tab();
  receiver.session.download(receiver.open(link));
  await receiver.until(isPast(0.1));

  // Behind the back of size and date.
  await write(before.map((byte) => byte ^ 1));
  await sender.until(([share]) => share?.problem?.code === "file-changed");
  expect(sender.share).toMatchObject({ state: "seeding", problem: { name: "holiday.bin" }, have: SIZE });
  const waiting = await receiver.until(([share]) => share?.problem !== undefined);
  expect(waiting).toMatchObject({ problem: { code: "source-gone", isAlone: false }, wasted: 0 });
  expect(waiting.have).toBeGreaterThanOrEqual(SIZE);
  expect(waiting.have).toBeLessThan(2 * SIZE);

  await write(before);
  sender.session.share("again", [await choose(), other], { public: false });
  await receiver.reach("done");
  expect(receiver.share.wasted).toBe(0);
  expect(sender.shares).toMatchObject([{ link, state: "seeding", problem: undefined }]);
  await rm(folder, { recursive: true });
});
