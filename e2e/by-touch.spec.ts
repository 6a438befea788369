/** A friend receives on a phone. */
import { devices } from "@playwright/test";
import { sha256OfFile } from "../tools/content.ts";
import { expect, test, withoutPickers } from "./fixtures.ts";
import { makeFile, Person } from "./person.ts";

const phone = { ...devices["Galaxy S9+"], viewport: { width: 360, height: 740 }, locale: "en-GB" };

test("a phone shares with another by touch alone", async ({ browser, server }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "photo.bin", 3_000_000);
  const newPhone = async () => withoutPickers(await browser.newContext(phone));
  const contexts = await Promise.all([newPhone(), newPhone()]);
  const [sender, receiver] = await Promise.all(
    contexts.map(async (context, i) => new Person(`phone ${i}`, await context.newPage(), server.url)),
  );
  if (sender === undefined || receiver === undefined) throw new Error("a phone is missing");

  await sender.goHome();
  const [chooser] = await Promise.all([
    sender.page.waitForEvent("filechooser"),
    sender.page.getByRole("button", { name: "Choose files" }).tap(),
  ]);
  await chooser.setFiles(path);
  const link = sender.page.getByTestId("share-link");
  await expect(link).toContainText(`${server.url}/#`);

  await receiver.openLink((await link.textContent()) ?? "");
  await receiver.page.getByRole("button", { name: "Download", exact: true }).tap();
  await receiver.waitForState("done");
  await expect(receiver.page.getByRole("heading", { name: "Your file is here and checked." })).toBeVisible();
  const [download] = await Promise.all([
    receiver.page.waitForEvent("download"),
    receiver.page.getByRole("button", { name: "Save", exact: true }).tap(),
  ]);
  const saved = testInfo.outputPath("saved.bin");
  await download.saveAs(saved);
  expect(await sha256OfFile(saved)).toBe(await sha256OfFile(path));

  for (const { page } of [sender, receiver]) {
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(excess, "nothing runs over the edge").toBe(0);
  }
  await Promise.all(contexts.map((context) => context.close()));
});
