/** What people do with a share, found by role and name as they find it. */
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

test("stopping can be undone, and the figures on the screen are those of the session", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "film.bin", 4_000_000);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitForState("done");

  // Both sides are at rest: what is shown cannot be of another moment than what is asked.
  await sender.waitUntil("all was sent", ({ uploaded }) => uploaded >= 4_000_000);
  const { uploaded, ratio, size } = await sender.snapshot();
  expect(size).toBe(4_000_000);
  const mb = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  await expect(sender.page.getByText(`You sent ${mb.format(uploaded / 1e6)} MB`)).toBeVisible();
  await expect(sender.page.getByTestId("ratio").first()).toHaveText(`ratio ${mb.format(ratio)}`);

  await sender.page.getByRole("button", { name: "Stop sharing" }).click();
  await sender.waitForState("stopped");
  await sender.page.getByRole("button", { name: "Undo" }).click();
  await sender.waitForState("seeding");
});

test("menu, dialog and drawer close with Escape and give the focus back", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "letter.bin", 100_000);
  const sender = await newPerson("sender");
  await sender.shareFiles(path);
  const { page } = sender;
  for (const [name, role] of [
    ["QR code", "dialog"],
    ["Options", "dialog"],
    ["More about this share", "menu"],
  ] as const) {
    const button = page.getByRole("button", { name });
    await button.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole(role)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole(role)).toBeHidden();
    await expect(page.getByRole("button", { name })).toBeFocused();
  }
});

test("settings are taken up at once and shown again", async ({ newPerson }) => {
  const person = await newPerson("somebody");
  await person.goHome();
  const { page } = person;
  await page.getByRole("button", { name: "Settings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeFocused();

  const limit = page.getByRole("textbox", { name: "Upload limit" });
  await limit.fill("2.5");
  await page.keyboard.press("Tab");
  await expect
    .poll(async () => (await page.evaluate(() => window.shoal.snapshot())).settings.uploadBytesPerSecond)
    .toBe(2_500_000);

  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("what is set in one tab holds in the others at once", async ({ newPerson }) => {
  const person = await newPerson("somebody");
  await person.goHome();
  const { page } = person;
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole("button", { name: "Settings" }).click();
  await expect(other.getByRole("textbox", { name: "Upload limit" })).toHaveValue("");

  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("textbox", { name: "Upload limit" }).fill("2.5");
  await page.keyboard.press("Tab");
  await expect(other.getByRole("textbox", { name: "Upload limit" })).toHaveValue("2.5");
  await page.getByRole("radio", { name: "Dark" }).check();
  await expect(other.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("radio", { name: "Deutsch" }).check();
  await expect(other.getByRole("heading", { level: 1, name: "Einstellungen" })).toBeVisible();
});

test("who hides behind a relay that is not there is told so, and gets through without hiding", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "letter.bin", 100_000);
  const sender = await newPerson("sender");
  const link = await sender.shareFiles(path);
  const receiver = await newPerson("receiver");
  await receiver.goHome();
  const { page } = receiver;
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("switch", { name: "Hide my network address" }).click();
  await expect(page.getByRole("switch", { name: "Hide my network address" })).toBeChecked();

  await page.getByTestId("home").click();
  await page.getByTestId("link-input").fill(link);
  await page.keyboard.press("Enter");
  const notice = page.getByTestId("notice");
  await expect(notice).toContainText("You hide your network address");
  await page.getByRole("button", { name: "Stop hiding my network address" }).click();
  await expect(page.getByTestId("download")).toBeEnabled();
  await expect(notice).toHaveCount(0);
});
