/**
 * Pictures of the screens, with content that hardly changes from run to run. They go into the test's own folder;
 * `UPDATE_IMAGES=1 npm run e2e -- screens` puts them where the README shows them.
 */
import type { TestInfo } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";
import { slowDown } from "./slow-link.ts";

/** Stands in for the test server's address and for a share's own key, which differ in every run. */
const EXAMPLE_LINK = "https://shoal.example/#kQ7vXo2mB5tYcR1sWnE8uHjLzA4dGfPi9TbN0eVxM6w";

async function picture(testInfo: TestInfo, { page }: Person, name: string): Promise<void> {
  await page.getByTestId("share-link").evaluateAll((links, example) => {
    for (const link of links) link.textContent = example;
  }, EXAMPLE_LINK);
  const path =
    process.env.UPDATE_IMAGES === "1" ? `docs/images/${name}.png` : testInfo.outputPath(`${name}.png`);
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
}

test("the first screen, sharing and receiving look as the README shows them", async ({
  newPerson,
}, testInfo) => {
  const folder = testInfo.outputPath("Summer by the sea");
  await makeFile(folder, "harbour.jpg", 3_400_000);
  await makeFile(folder, "lighthouse.jpg", 2_800_000);
  await makeFile(folder, "waves.mp4", 9_600_000);

  const sender = await newPerson("sender");
  await slowDown(sender, 2_000_000);
  await sender.goHome();
  await expect(sender.page.getByTestId("connection")).toHaveAttribute("data-state", "online");
  await picture(testInfo, sender, "home");

  const link = await sender.shareFolder(folder);
  const receivers = await Promise.all(["ana", "bo", "chi"].map((name) => newPerson(name)));
  for (const receiver of receivers) await receiver.openLink(link);
  const [first] = receivers;
  if (first === undefined) throw new Error("nobody came");
  await first.waitUntil("all have met", (share) => share.peers.length === receivers.length);
  await expect(first.page.getByTestId("download")).toBeEnabled();
  await picture(testInfo, first, "receiving");

  await sender.page.setViewportSize({ width: 1280, height: 1180 });
  for (const receiver of receivers) await receiver.page.getByTestId("download").click();
  await sender.waitUntil("all have a good part", ({ peers, size = 0 }) =>
    peers.every(({ have }) => have > size / 3),
  );
  await picture(testInfo, sender, "sharing");
});
