/** What survives a tab: of whoever downloads and of whoever shares. */
import { sha256OfFile } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { slowDown } from "./slow-link.ts";

const SIZE = 60_000_000;

test("a download that is reloaded twice goes on where it was, and takes hardly a byte twice", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  // What is on its way when a tab ends is a part of what is sent in a moment.
  await slowDown(sender, SIZE / 10);
  const link = await sender.shareFiles(path);
  await receiver.download(link);

  for (const share of [0.4, 0.6]) {
    await receiver.waitUntil(`${share} of it is here`, ({ have }) => have >= share * SIZE);
    await receiver.page.reload();
    await expect(
      receiver.page.getByRole("heading", { name: /^Continue holiday\.bin from \d+/ }),
    ).toBeVisible();
    const restored = await receiver.snapshot();
    expect(restored).toMatchObject({ restored: true, accepted: false, role: "receiver" });
    expect(restored.have).toBeGreaterThan((share - 0.05) * SIZE);
    expect(restored.downloaded).toBeGreaterThanOrEqual(restored.have);
    await receiver.page.getByRole("button", { name: "Continue" }).click();
  }
  await receiver.waitForState("done");
  // The totals outlive each tab; the sender also counts what was on its way when a tab ended.
  const { downloaded, wasted } = await receiver.snapshot();
  expect(downloaded + wasted).toBeGreaterThanOrEqual(SIZE);
  expect(downloaded + wasted).toBeLessThanOrEqual(1.02 * SIZE);
  expect((await sender.snapshot()).uploaded).toBeLessThanOrEqual(1.1 * SIZE);
  expect(await receiver.save()).toEqual({ name: "holiday.bin", sha256: await sha256OfFile(path) });
});
