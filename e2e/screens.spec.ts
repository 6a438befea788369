/**
 * Pictures of the screens, with content that does not change from run to run. They go into the test's own
 * folder; `UPDATE_IMAGES=1 npm run e2e -- screens` puts them where the README shows them.
 */
import type { TestInfo } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";

function picture(testInfo: TestInfo, person: Person, name: string): Promise<Buffer> {
  const path =
    process.env.UPDATE_IMAGES === "1" ? `docs/images/${name}.png` : testInfo.outputPath(`${name}.png`);
  return person.page.screenshot({ path, animations: "disabled", caret: "hide" });
}

test("the first screen, sharing and receiving look as the README shows them", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.mp4", 8_000_000);
  const sender = await newPerson("sender");
  await sender.goHome();
  await expect(sender.page.getByRole("heading", { level: 1 })).toBeVisible();
  await picture(testInfo, sender, "home");

  const link = await sender.shareFiles(path);
  const receiver = await newPerson("receiver");
  await receiver.openLink(link);
  await expect(receiver.page.getByTestId("download")).toBeVisible();
  await picture(testInfo, receiver, "receiving");

  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");
  await sender.waitUntil("the receiver has it all", (share) =>
    share.peers.some((peer) => peer.have === share.size),
  );
  await picture(testInfo, sender, "sharing");
});
