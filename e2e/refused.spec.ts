/** A person says no when the browser asks whether shared files may be read again. */
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

test("who does not allow the browser to read a shared file again is told so, and may choose it once more", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", 300_000);
  const sender = await newPerson("sender");
  await sender.goHome();
  // A real drop, by which the browser gives a handle of a file on the disk. Headless, it answers for the person: no.
  const devtools = await sender.page.context().newCDPSession(sender.page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const)
    await devtools.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  await sender.waitForState("seeding");
  const { link } = await sender.snapshot();

  await sender.page.goto(new URL(link).origin);
  await sender.page.getByTestId("go-on").click();
  await expect(sender.page.getByTestId("restored")).toContainText("Reading it was not allowed.");
  await sender.page.getByRole("button", { name: "holiday.bin", exact: true }).first().click();
  await expect(sender.page.getByTestId("notice")).toContainText("was not allowed to read");
  await sender.page.getByTestId("file-input").first().setInputFiles(path);
  await sender.waitForState("seeding");
  expect((await sender.snapshot()).link).toBe(link);
});
