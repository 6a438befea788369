import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

const SIZE = 400_000;

test("a share with a password says when it was wrong, and opens with the right one", async ({
  newPerson,
}, testInfo) => {
  const sender = await newPerson("sender");
  await sender.goHome();
  await sender.page.getByTestId("password-field").fill("grün wie Seegras");
  const link = await sender.shareFiles(await makeFile(testInfo.outputPath(), "diary.bin", SIZE));
  expect(link).toMatch(/\.p$/);

  const receiver = await newPerson("receiver");
  await receiver.openLink(link);
  const password = receiver.page.getByTestId("password-field");
  await password.fill("sea grass");
  await receiver.page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(receiver.page.getByRole("alert")).toContainText(/wrong password/i);
  await expect(receiver.page.getByText("diary.bin")).toHaveCount(0);
  // It stands there to be mended, or typed over at once.
  await expect(password).toHaveValue("sea grass");
  await expect(password).toBeFocused();
  const selected = await password.evaluate((field: HTMLInputElement) =>
    field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0),
  );
  expect(selected).toBe("sea grass");
  expect(await receiver.snapshot()).toMatchObject({ name: "", have: 0, peers: [] });

  await password.fill("grün wie Seegras");
  await receiver.page.getByRole("button", { name: "Open", exact: true }).click();
  await expect(receiver.page.getByTestId("download")).toBeVisible();
  // It was right: a reload asks for it no more.
  await receiver.page.reload();
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");
  expect((await receiver.snapshot()).have).toBe(SIZE);
});
