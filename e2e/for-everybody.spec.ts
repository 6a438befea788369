/** A share from beginning to end, looked at by axe at every step, and heard as a screen reader tells it. */
import { expect, test } from "./fixtures.ts";
import { listen, objectionsInBothThemes } from "./for-everybody.ts";
import { makeFile, type Person } from "./person.ts";
import { slowDown } from "./slow-link.ts";

const SIZE = 3_000_000;
/** Slow enough that no tenth of it passes between two looks at it. */
const BYTES_PER_SECOND = 700_000;

async function openDetails({ page }: Person): Promise<void> {
  await page.getByText("Details", { exact: true }).click();
}

test("no real screen keeps anybody out, and what changes is said aloud", async ({ newPerson }, testInfo) => {
  const found: Record<string, string[]> = {};
  const look = async (screen: string, { page }: Person) => {
    const lines = await objectionsInBothThemes(page);
    if (lines.length > 0) found[screen] = lines;
  };
  const sender = await newPerson("sender");
  await slowDown(sender, BYTES_PER_SECOND);
  await sender.goHome();
  await look("home", sender);
  const link = await sender.shareFiles([
    await makeFile(testInfo.outputPath(), "letter.bin", SIZE / 2),
    await makeFile(testInfo.outputPath(), "photo.bin", SIZE / 2),
  ]);
  await look("waiting for someone", sender);

  const receiver = await newPerson("receiver");
  const heard = await listen(receiver.page);
  await receiver.openLink(link);
  await expect(receiver.page.getByTestId("download")).toBeEnabled();
  await look("before the download", receiver);
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("downloading");
  await expect(receiver.page.getByTestId("ratio")).toHaveText("nothing given back yet");
  await openDetails(receiver);
  await look("downloading, details open", receiver);
  await receiver.waitForState("done");
  await look("done", receiver);
  await sender.waitUntil("it is told that all is there", ({ peers }) => peers[0]?.have === SIZE);
  await openDetails(sender);
  await look("sharing, details open", sender);

  const words = (await heard()).map((line) => line.replaceAll("\u00a0", " "));
  const tenths = words.flatMap((line) => /^2 files: (\d+) %$/.exec(line)?.[1] ?? []).map(Number);
  expect(tenths.every((percent) => percent % 10 === 0)).toBe(true);
  expect(new Set(tenths).size, "every tenth, once").toBe(tenths.length);
  expect(tenths.length).toBeGreaterThanOrEqual(8);
  expect(words).toContain("2 files: Ready to download");
  expect(words.at(-1)).toBe("2 files: Done");

  await receiver.page.getByRole("button", { name: "Settings" }).click();
  await expect(receiver.page.getByTestId("kept-share")).toBeVisible();
  await look("settings and storage", receiver);
  await sender.leave();
  const late = await newPerson("late");
  await receiver.leave();
  await late.openLink(link);
  await expect(late.page.getByTestId("notice")).toBeVisible();
  await look("nobody there", late);

  expect(found).toEqual({});
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
});
