/** A share from beginning to end, looked at by axe at every step, and heard as a screen reader tells it. */
import { expect, test } from "./fixtures.ts";
import { listen, objectionsInBothThemes } from "./for-everybody.ts";
import { makeFile, type Person } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

const SIZE = 3_000_000;
/** Slow enough that no tenth of it passes between two looks at it. */
const BYTES_PER_SECOND = 500_000;

async function look(screen: string, { page }: Person): Promise<void> {
  expect(await objectionsInBothThemes(page), screen).toEqual([]);
}

async function openDetails({ page }: Person): Promise<void> {
  await page.getByText("Details", { exact: true }).click();
}

test("a share keeps nobody out from its link to its end, and what changes is said aloud", async ({
  newPerson,
}, testInfo) => {
  const sender = await newPerson("sender");
  await slowDown(sender, BYTES_PER_SECOND);
  const link = await sender.shareFiles([
    await makeFile(testInfo.outputPath(), "letter.bin", SIZE / 2),
    await makeFile(testInfo.outputPath(), "photo.bin", SIZE / 2),
  ]);
  const receiver = await newPerson("receiver");
  const told = await listen(receiver.page);
  await receiver.openLink(link);
  await expect(receiver.page.getByTestId("download")).toBeEnabled();
  await look("before the download", receiver);
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("downloading");
  await expect(receiver.page.getByTestId("ratio")).toHaveText("nothing given back yet");
  await receiver.waitForState("done");
  const { heard, titles } = await told();
  const words = heard.map((line) => line.replaceAll("\u00a0", " "));
  await openDetails(receiver);
  await look("done, details open", receiver);
  await sender.waitUntil("it is told that all is there", ({ peers }) => peers[0]?.have === SIZE);
  await look("sharing", sender);

  const tenths = words.flatMap((line) => /^2 files: (\d+) %$/.exec(line)?.[1] ?? []).map(Number);
  expect(tenths.every((percent) => percent % 10 === 0)).toBe(true);
  // A busy machine shows fewer figures; of those that it showed none was kept back.
  const shown = titles.map((title) => Number.parseInt(title, 10)).filter((percent) => percent >= 10);
  expect(tenths.filter((percent) => percent > 0)).toEqual([
    ...new Set(shown.map((percent) => percent - (percent % 10))),
  ]);
  expect(shown.length).toBeGreaterThan(1);
  expect(words).toContain("2 files: Ready to download");
  expect(words.at(-1)).toBe("2 files: Done");
});

test("downloading, settings, storage and a failure keep nobody out", async ({ newPerson }, testInfo) => {
  const sender = await newPerson("sender");
  await slowDown(sender, BYTES_PER_SECOND);
  // So large that some of it is missing still when some of it is seen to be here.
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "film.bin", 4 * SIZE));
  const receiver = await newPerson("receiver");
  await receiver.download(link);
  await receiver.waitUntil("some of it is here", ({ have }) => have > 0);
  // The rest takes longer than all that is looked at.
  await letGo(sender, SIZE / 600);
  await look("downloading", receiver);
  await receiver.page.getByRole("button", { name: "Settings" }).click();
  await expect(receiver.page.getByTestId("kept-share")).toBeVisible();
  await look("settings and storage", receiver);
  await receiver.page.getByRole("button", { name: "Back" }).click();
  await sender.leave();
  await expect(receiver.page.getByTestId("notice")).toContainText("The sender went offline");
  await look("the sender is gone", receiver);
});

test("where motion is unwanted nothing moves, and with forced colours everything is still told apart", async ({
  newPerson,
}, testInfo) => {
  const sender = await newPerson("sender");
  const { page } = sender;
  await page.emulateMedia({ reducedMotion: "reduce", forcedColors: "active" });
  await sender.shareFiles(await makeFile(testInfo.outputPath(), "letter.bin", 100_000));
  const durations = await page
    .locator("*")
    .evaluateAll((all) => all.map((element) => getComputedStyle(element).transitionDuration));
  expect(new Set(durations.flatMap((list) => list.split(", ")))).toEqual(new Set(["0s"]));

  const colours = await page
    .getByTestId("progress")
    .evaluate((strip) =>
      ["--cell-missing", "--cell-asked", "--cell-have"].map((token) =>
        getComputedStyle(strip).getPropertyValue(token),
      ),
    );
  expect(new Set(colours).size).toBe(3);
  // Else a plate in the page's colour is laid behind its words, which have that colour.
  await expect(page.getByTestId("copy-link")).toHaveCSS("forced-color-adjust", "none");
});
