/** What survives a tab: of whoever downloads and of whoever shares. */
import { sha256OfFile } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 60_000_000;

test("a download that is reloaded twice goes on where it was, and takes hardly a byte twice", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  const fast = SIZE / 6;
  await slowDown(sender, fast);
  const link = await sender.shareFiles(path);
  await receiver.download(link);

  for (const share of [0.4, 0.6]) {
    await receiver.waitUntil(`${share} of it is here`, ({ have }) => have >= share * SIZE);
    // What is on its way when a tab ends, or not written down, is what is sent in a moment, which may be a long one.
    await letGo(sender, SIZE / 60);
    const { have } = await receiver.snapshot();
    await receiver.waitUntil("a little more is here", (now) => now.have > have);
    await receiver.page.reload();
    await expect(
      receiver.page.getByRole("heading", { name: /^Continue holiday\.bin from \d+/ }),
    ).toBeVisible();
    const restored = await receiver.snapshot();
    expect(restored).toMatchObject({ restored: true, accepted: false, role: "receiver" });
    expect(restored.have).toBeGreaterThan((share - 0.05) * SIZE);
    expect(restored.downloaded).toBeGreaterThanOrEqual(restored.have);
    await receiver.page.getByRole("button", { name: "Continue" }).click();
    await letGo(sender, fast);
  }
  await receiver.waitForState("done");
  // The totals outlive each tab; the sender also counts what was on its way when a tab ended.
  const { downloaded, wasted } = await receiver.snapshot();
  expect(downloaded + wasted).toBeGreaterThanOrEqual(SIZE);
  expect(downloaded + wasted).toBeLessThanOrEqual(1.02 * SIZE);
  expect((await sender.snapshot()).uploaded).toBeLessThanOrEqual(1.1 * SIZE);
  expect(await receiver.save()).toEqual({ name: "holiday.bin", sha256: await sha256OfFile(path) });
});
