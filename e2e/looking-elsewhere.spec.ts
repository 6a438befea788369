/** A transfer while the person looks elsewhere: what the tab tells, and what it keeps from happening. */
import { devices } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { makeFile, Person } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 3_000_000;
/** So little that the transfer lasts until it is let go, however slow the machine. */
const BYTES_PER_SECOND = 50_000;

test("the tab's title and icon tell how far it is, and closing it asks only while somebody needs it", async ({
  newPerson,
}, testInfo) => {
  const sender = await newPerson("sender");
  await slowDown(sender, BYTES_PER_SECOND);
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "film.bin", SIZE));
  await expect(sender.page).toHaveTitle("film.bin – Shoal");
  const icon = sender.page.locator('link[rel="icon"]');
  const ordinary = await icon.getAttribute("href");

  const receiver = await newPerson("receiver");
  await receiver.download(link);
  await expect(receiver.page).toHaveTitle(/^\d+\s% · film\.bin – Shoal$/);
  await expect(sender.page).toHaveTitle(/^\d+\s% · film\.bin – Shoal$/);
  await expect(icon).toHaveAttribute("href", /^data:image\/svg/);

  // Browsers ask only on pages that somebody has used.
  await sender.page.getByTestId("copy-link").click();
  const [question] = await Promise.all([
    sender.page.waitForEvent("dialog"),
    sender.page.close({ runBeforeUnload: true }),
  ]);
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await expect(sender.page.getByText(/^1 person still needs film\.bin\./)).toBeVisible();

  await letGo(sender);
  await receiver.waitForState("done");
  await expect(receiver.page).toHaveTitle("film.bin – Shoal");
  await expect(icon).toHaveAttribute("href", ordinary ?? "");
  await sender.waitUntil("it is told that all is there", ({ peers }) => peers[0]?.have === SIZE);
  let asked = false;
  sender.page.on("dialog", (dialog) => {
    asked = true;
    void dialog.accept();
  });
  await Promise.all([sender.page.waitForEvent("close"), sender.page.close({ runBeforeUnload: true })]);
  expect(asked).toBe(false);
});

test("a phone keeps its screen on while something moves, and says when a download is done", async ({
  newPerson,
  browser,
  server,
}, testInfo) => {
  const sender = await newPerson("sender");
  await slowDown(sender, BYTES_PER_SECOND);
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "film.bin", SIZE));

  const context = await browser.newContext({ ...devices["Galaxy S9+"], locale: "en-GB" });
  await context.addInitScript(() => {
    const locks = { held: 0, taken: 0 };
    const request = async () => {
      locks.held++;
      locks.taken++;
      return { release: async () => void locks.held-- };
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
    const told: string[] = [];
    class Told {
      static permission = "granted";
      constructor(words: string) {
        told.push(words);
      }
      close() {}
    }
    Object.assign(window, { Notification: Told, told, locks });
  });
  const phone = new Person("phone", await context.newPage(), server.url);
  const locks = () => phone.page.evaluate(() => Reflect.get(window, "locks") as object);
  await phone.openLink(link);
  await expect(phone.page.getByTestId("download")).toBeEnabled();
  expect(await locks()).toEqual({ held: 0, taken: 0 });
  await phone.page.getByTestId("download").tap();
  await expect.poll(locks).toEqual({ held: 1, taken: 1 });

  // As when another app is looked at.
  await phone.page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
  });
  await letGo(sender);
  await phone.waitForState("done");
  await expect
    .poll(() => phone.page.evaluate(() => Reflect.get(window, "told")))
    .toEqual(["film.bin is here."]);
  await expect.poll(async () => Reflect.get(await locks(), "held")).toBe(0);
  await context.close();
});
