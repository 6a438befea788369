/** What becomes of a share whose file changes on the disk while others download it. */
import { openAsBlob } from "node:fs";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { isPast, Places, randomFile, SIZE } from "../memory-tabs.ts";

// Hashing takes real time, which a busy machine has little of; nothing here waits on it.
vi.setConfig({ testTimeout: 30_000 });

test("a file that changes while it is shared gives no wrong byte away, both sides hear it, and chosen again it goes on at the same link", async () => {
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
  const places = new Places();
  const sender = await places.tab();
  const link = await sender.seed(await choose());
  const receiver = await places.tab();
  receiver.session.download(receiver.open(link));
  await receiver.until(isPast(0.1));

  // Behind the back of size and date.
  await write(before.map((byte) => byte ^ 1));
  await sender.until(([share]) => share?.problem?.code === "file-changed");
  expect(sender.share).toMatchObject({ state: "seeding", problem: { name: "holiday.bin" }, have: 0 });
  const waiting = await receiver.until(([share]) => share?.problem !== undefined);
  expect(waiting).toMatchObject({ problem: { code: "source-gone", isAlone: false }, wasted: 0 });
  expect(waiting.have).toBeLessThan(SIZE);

  await write(before);
  sender.session.share("again", [await choose()], { public: false });
  await receiver.reach("done");
  expect(receiver.share.wasted).toBe(0);
  expect(sender.shares).toMatchObject([{ link, state: "seeding", problem: undefined }]);
  await rm(folder, { recursive: true });
});
