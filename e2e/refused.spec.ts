/** A person says no when the browser asks whether shared files may be read again. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { makeFile, Person } from "./person.ts";

/** How many shares the browser remembers. */
function sharesKept(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("shoal");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction("shares").objectStore("shares").count();
          counting.onerror = () => reject(counting.error);
          counting.onsuccess = () => resolve(counting.result);
          opening.result.close();
        };
      }),
  );
}

test("who does not allow the browser to read a shared file again is told so, and may choose it once more", async ({
  newPerson,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", 300_000);
  const first = await newPerson("sender");
  await first.goHome();
  // A real drop, by which the browser gives a handle of a file on the disk.
  const devtools = await first.page.context().newCDPSession(first.page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  const drag = (type: "dragEnter" | "dragOver" | "drop") =>
    devtools.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  const curtain = first.page.getByText("Let go to share 1 item");
  // A busy Chromium loses a drop that comes before the page has answered what led to it.
  await expect(async () => {
    await drag("dragEnter");
    await expect(curtain).toBeVisible({ timeout: 5000 });
    await drag("dragOver");
    await drag("drop");
    await expect(curtain).toBeHidden({ timeout: 5000 });
  }).toPass();
  await first.waitForState("seeding");
  const { link } = await first.snapshot();
  await expect.poll(() => sharesKept(first.page)).toBe(1);

  // Leave to read ends with the last tab. The dialog cannot be driven: its answer alone is played, and what follows
  // from it in the worker is the browser's own refusal.
  const page = await first.page.context().newPage();
  await page.addInitScript(() => {
    Object.assign(FileSystemHandle.prototype, { requestPermission: async () => "denied" });
  });
  await first.leave();
  const sender = new Person("sender, back", page, server.url);
  await sender.goHome();
  await page.getByTestId("go-on").click();
  await expect(page.getByTestId("restored")).toContainText("Reading it was not allowed.");
  await page.getByRole("button", { name: "holiday.bin", exact: true }).click();
  await expect(page.getByTestId("notice")).toContainText("was not allowed to read");
  await page.getByTestId("file-input").first().setInputFiles(path);
  await sender.waitForState("seeding");
  expect((await sender.snapshot()).link).toBe(link);
});
