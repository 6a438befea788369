/** Sharing and downloading without a mouse. */
import type { Page } from "@playwright/test";
import { sha256, sha256OfFile } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

const MOST_PRESSES = 40;

/** Goes on with Tab until the button is reached; what has the focus must be seen to have it. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    await page.keyboard.press("Tab");
    // In one go: the element may make way for the app's own at any moment.
    const { label, isSeen } = await page.evaluate(() => {
      const element = document.activeElement;
      return {
        label: element?.ariaLabel ?? element?.textContent ?? "",
        isSeen: [element, element?.closest("form")].some(
          (shown) => shown instanceof Element && getComputedStyle(shown).outlineStyle !== "none",
        ),
      };
    });
    if (!name.test(label)) continue;
    expect(isSeen, `${label} shows that it has the focus`).toBe(true);
    return;
  }
  throw new Error(`${name} was not reached with ${MOST_PRESSES} presses of Tab`);
}

test("a file is shared and received with the keyboard alone", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "letter.bin", 2_000_000);
  const sender = await newPerson("sender");
  await sender.goHome();
  await tabTo(sender.page, /^Choose files$/);
  const [chooser] = await Promise.all([
    sender.page.waitForEvent("filechooser"),
    sender.page.keyboard.press("Enter"),
  ]);
  await chooser.setFiles(path);
  await sender.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await expect(sender.page.getByTestId("share-link")).toBeVisible();
  await tabTo(sender.page, /^Copy link$/);
  await sender.page.keyboard.press("Space");
  await expect(sender.page.getByRole("button", { name: "Copied" })).toBeVisible();
  const link = await sender.page.evaluate(() => navigator.clipboard.readText());

  const receiver = await newPerson("receiver");
  await receiver.goHome();
  await tabTo(receiver.page, /^Have a link/);
  await receiver.page.keyboard.insertText(link);
  await receiver.page.keyboard.press("Enter");
  await expect(receiver.page.getByRole("button", { name: "Download", exact: true })).toBeEnabled();
  await tabTo(receiver.page, /^Download$/);
  await receiver.page.keyboard.press("Enter");
  await receiver.waitForState("done");
  await tabTo(receiver.page, /^Save$/);
  const [download] = await Promise.all([
    receiver.page.waitForEvent("download"),
    receiver.page.keyboard.press("Enter"),
  ]);
  expect(await sha256(await download.createReadStream())).toBe(await sha256OfFile(path));
});
