/** What survives a browser, a sender's reload and a second tab, in profiles that lie on the disk. */
import { appendFile, readdir, readFile, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { type BrowserContext, chromium } from "@playwright/test";
import { findBrowser } from "../tools/browser.ts";
import { chromiumArgs } from "../tools/chromium-args.ts";
import { sha256OfFile } from "../tools/content.ts";
import { expect, test, withoutPickers } from "./fixtures.ts";
import { makeFile, Person } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 8_000_000;
/** So little that nothing is complete before what a test does in the middle, however slow the machine. */
const BYTES_PER_SECOND = 400_000;

/** Starts a browser of its own in this profile. */
async function startBrowser(profile: string): Promise<BrowserContext> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findBrowser()?.path ?? "",
    args: [...chromiumArgs],
    locale: "en-GB",
  });
  return withoutPickers(context);
}

async function personIn(context: BrowserContext, name: string, home: string): Promise<Person> {
  return new Person(name, await context.newPage(), home);
}

/** Ends the browser's process, with nothing said to any page. */
async function crash(context: BrowserContext): Promise<void> {
  const closed = new Promise((resolve) => context.once("close", resolve));
  const session = await context.newCDPSession(await context.newPage());
  // Its answer never comes.
  session.send("Browser.crash").catch(() => {});
  await closed;
}

/** The large files in which the browser keeps what pages store. */
async function keptFiles(profile: string): Promise<string[]> {
  const folder = join(profile, "Default", "File System");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  // The browser may have deleted one of its own meanwhile.
  const sizes = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return files.filter((_, index) => (sizes[index] ?? 0) >= LARGE);
}

/** Its half is more than is flushed at once (`FLUSH_AFTER_BYTES`): some is known to be on the disk, some is not. */
const LARGE = 36_000_000;

test("a browser that crashes at about half goes on in the same profile, and what its disk loses later others get elsewhere", async ({
  newPerson,
  server,
}, testInfo) => {
  const profile = testInfo.outputPath("profile");
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", LARGE);
  const sender = await newPerson("sender");
  // However long it takes to end the browser, it is not complete by then.
  await slowDown(sender, Number.MAX_SAFE_INTEGER, 0.6 * LARGE);
  const link = await sender.shareFiles(path);
  const context = await startBrowser(profile);
  const receiver = await personIn(context, "receiver", server.url);
  await receiver.download(link);
  await receiver.waitUntil("half of it is here", ({ have }) => have >= 0.5 * LARGE);
  const { have } = await receiver.snapshot();
  await crash(context);
  await letGo(sender);

  const again = await startBrowser(profile);
  const back = await personIn(again, "receiver, back", server.url);
  await back.goHome();
  await back.page.getByRole("button", { name: "holiday.bin", exact: true }).click();
  await expect(back.page.getByRole("heading", { name: /^Continue holiday\.bin from \d+/ })).toBeVisible();
  expect((await back.snapshot()).have).toBeGreaterThan(0.8 * have);
  await back.page.getByTestId("download").click();
  await back.waitForState("done");
  expect((await back.snapshot()).downloaded).toBeLessThanOrEqual(1.02 * LARGE);
  expect((await back.save()).sha256).toBe(await sha256OfFile(path));

  // The disk loses what was kept while the share is open: whoever asks for it hears so and gets it elsewhere.
  for (const kept of await keptFiles(profile)) await truncate(kept, 0);
  await letGo(sender, BYTES_PER_SECOND);
  const third = await newPerson("third");
  await third.download(link);
  await expect(back.page.getByTestId("notice")).toContainText("Some of what had arrived is gone.");
  await third.waitUntil("it hears what is gone", ({ peers, downloaded }) => {
    const haves = peers.map(({ have }) => have);
    return downloaded < LARGE / 2 && haves.includes(LARGE) && haves.includes(0);
  });
  await letGo(sender);
  await third.waitForState("done");
  expect((await third.snapshot()).wasted).toBe(0);
  expect((await third.save()).sha256).toBe(await sha256OfFile(path));
  await again.close();
  await rm(profile, { recursive: true });
});

test("a sender that reloads during a transfer, or whose file changed, chooses it again, and the same link goes on", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await slowDown(sender, BYTES_PER_SECOND);
  const link = await sender.shareFiles(path);
  await receiver.download(link);
  await receiver.waitUntil("some of it is here", ({ have }) => have > 0);

  await sender.page.goto(new URL(link).origin);
  await sender.page.getByRole("button", { name: "holiday.bin", exact: true }).click();
  await sender.waitForState("paused");
  await expect(
    sender.page.getByText("Drop the same file or folder to go on sharing at the same link."),
  ).toBeVisible();
  await expect(sender.page.getByTestId("share-link")).toHaveText(link);
  await sender.page.getByTestId("file-input").setInputFiles(path);
  await sender.waitForState("seeding");
  await expect(sender.page.getByTestId("share-link")).toHaveText(link);
  expect((await receiver.snapshot()).have).toBeLessThan(SIZE);

  await appendFile(path, "more");
  const changed = "“holiday.bin” was changed or moved since you shared it.";
  await expect(sender.page.getByTestId("notice")).toContainText(changed);
  await expect(receiver.page.getByTestId("notice")).toContainText("Nobody here has the rest");
  await truncate(path, SIZE);
  await sender.page.getByRole("button", { name: "All shares" }).click();
  await sender.page.getByTestId("file-input").setInputFiles(path);
  await sender.waitForState("seeding");
  await expect(sender.page.getByTestId("share-link")).toHaveText(link);
  await expect(sender.page.getByTestId("notice")).toHaveCount(0);
  await letGo(sender);

  await receiver.waitForState("done");
  expect((await receiver.snapshot()).wasted).toBe(0);
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});

test("a sender whose browser kept the way to the file goes on with one click", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await slowDown(sender, BYTES_PER_SECOND);
  await sender.goHome();
  // The dialog cannot be driven, nor the question that follows a reload: a file of the page's own storage, for
  // which nobody is asked, stands in for the one that a person would pick. Its handle is a real one.
  await sender.page.evaluate(
    async (content) => {
      const root = await navigator.storage.getDirectory();
      const handle = await root.getFileHandle("holiday.bin", { create: true });
      const writable = await handle.createWritable();
      await writable.write(Uint8Array.from(atob(content), (char) => char.charCodeAt(0)));
      await writable.close();
      Object.assign(window, { showOpenFilePicker: async () => [handle] });
    },
    (await readFile(path)).toString("base64"),
  );
  await sender.page.getByRole("button", { name: "Choose files" }).click();
  await sender.waitForState("seeding");
  const { link } = await sender.snapshot();
  await receiver.download(link);
  await receiver.waitUntil("some of it is here", ({ have }) => have > 0);

  await sender.page.goto(new URL(link).origin);
  expect((await receiver.snapshot()).have).toBeLessThan(SIZE);
  await expect(sender.share).toHaveCount(1);
  await sender.page.getByTestId("go-on").click();
  // It stays where it was pressed, and nowhere else.
  await expect(sender.page.getByRole("region", { name: "You were sharing 1 item." })).toContainText(
    "Sharing",
  );
  await expect(sender.share).toHaveCount(1);
  await letGo(sender);
  await receiver.waitForState("done");
  expect(await sender.snapshot()).toMatchObject({ link, restored: false, state: "seeding" });
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});

test("two tabs of one profile on one link take the room once, and nothing is left when they are deleted", async ({
  newPerson,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", SIZE);
  const sender = await newPerson("sender");
  const first = await newPerson("first tab");
  await slowDown(sender, BYTES_PER_SECOND);
  const link = await sender.shareFiles(path);
  await first.download(link);
  const second = await personIn(first.page.context(), "second tab", server.url);
  const stored = () =>
    second.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      const places: string[] = [];
      for await (const place of (await root.getDirectoryHandle("shares")).keys()) places.push(place);
      return places;
    });
  await second.download(link);
  expect((await first.snapshot()).have).toBeLessThan(SIZE);
  await letGo(sender);
  await first.waitForState("done");
  await second.waitForState("done");
  expect(await stored()).toHaveLength(1);
  expect([await first.snapshot(), await second.snapshot()].map(({ storage }) => storage)).toEqual([
    "opfs",
    "other-tab",
  ]);
  const sha256 = await sha256OfFile(path);
  expect((await first.save()).sha256).toBe(sha256);
  await first.leave();
  expect((await second.save()).sha256).toBe(sha256);

  await second.page.getByTestId("stop").click();
  await second.page.getByTestId("forget").click();
  await expect.poll(stored).toEqual([]);
  // Nor does the tab open the link of it again, though its sender is still there.
  await expect(second.page).toHaveURL(`${server.url}/`);
  await second.page.goBack();
  await expect(second.page.getByTestId("choose-files")).toBeVisible();
  await second.page.reload();
  await expect(second.page.getByRole("contentinfo")).toContainText("Ready");
  expect((await second.page.evaluate(() => window.shoal.snapshot())).shares).toEqual([]);
  await expect(second.page.getByText("holiday.bin")).toHaveCount(0);
});

test("what was cleared from the disk meanwhile is noticed, said, and fetched again", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", 3_000_000);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  const link = await sender.shareFiles(path);
  await receiver.download(link);
  await receiver.waitForState("done");
  await receiver.page.goto(new URL(link).origin);
  await expect(receiver.page.getByTestId("restored")).toBeVisible();
  const clear = () =>
    receiver.page.evaluate(async () => {
      const root = await navigator.storage.getDirectory();
      await root.removeEntry("shares", { recursive: true });
    });
  // Not while the worker of the page before still has files open.
  await expect(clear).toPass();
  await receiver.page.getByTestId("go-on").click();
  await receiver.page.getByRole("button", { name: "holiday.bin", exact: true }).click();
  await expect(receiver.page.getByTestId("notice")).toContainText("Some of what had arrived is gone.");
  expect((await receiver.snapshot()).have).toBe(0);
  await receiver.page.getByTestId("resume").click();
  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});
