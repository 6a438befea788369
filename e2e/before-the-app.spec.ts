/** Home before its code has come: what a person does on it then is not lost. */
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

/** Keeps the code of the screens back. @returns what lets it come. */
async function holdBack(page: Page): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route("**/assets/mount-*.js", async (route) => {
    await held;
    await route.continue();
  });
  return letGo;
}

test("files chosen and a password typed before the code is there become a share with that password", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "letter.bin", 100_000);
  const person = await newPerson("somebody");
  const { page } = person;
  const letGo = await holdBack(page);
  await person.goHome();
  await expect(page.getByRole("heading", { name: "Send files straight from this tab." })).toBeVisible();
  await page.getByTestId("password-field").fill("sea grass");
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose files" }).click(),
  ]);
  await chooser.setFiles(path);
  letGo();
  await expect(page.getByTestId("share-link")).toContainText(/#.{43}\.p$/);
  await expect(page.getByRole("heading", { level: 1, name: "letter.bin" })).toBeVisible();
});

test("what is switched to public before the code is there is shared in public", async ({ newPerson }) => {
  const person = await newPerson("somebody");
  const { page } = person;
  const letGo = await holdBack(page);
  await person.goHome();
  await page.getByRole("switch", { name: "Public" }).check();
  await page.evaluate(dropLetter);
  letGo();
  await expect(page.getByTestId("share-link")).toContainText("magnet:");
});

test("what is dropped, pressed or pasted before the code is there is done when it is", async ({
  newPerson,
}) => {
  for (const [what, act, end] of [
    ["letter.txt", (page: Page) => page.evaluate(dropLetter), async () => {}],
    ["Settings", holdSettings, liftOnceTheCodeIsThere],
  ] as const) {
    const person = await newPerson(what);
    const letGo = await holdBack(person.page);
    await person.goHome();
    await expect(person.page.getByTestId("link-input")).toBeVisible();
    await act(person.page);
    letGo();
    await end(person.page);
    await expect(person.page.getByRole("heading", { level: 1, name: what })).toBeVisible();
  }
  const person = await newPerson("reader");
  const letGo = await holdBack(person.page);
  await person.goHome();
  const field = person.page.getByTestId("link-input");
  await field.fill("https://shoal.example/#kQ7vXo2mB5tYcR");
  await field.press("Enter");
  letGo();
  await expect(person.page.getByRole("alert")).toContainText("This link is cut off.");
  await expect(field).toHaveValue("https://shoal.example/#kQ7vXo2mB5tYcR");
  await expect(field).toBeFocused();
});

test("it speaks the person's language, in the colours that they chose, and whoever opens a link sees that it is being opened", async ({
  browser,
  server,
}) => {
  const context = await browser.newContext({ locale: "de-DE" });
  await context.addInitScript(() => localStorage.setItem("shoal.theme", "dark"));
  const page = await context.newPage();
  const letGo = await holdBack(page);
  await page.goto(`${server.url}/`);
  await expect(page.getByRole("heading", { name: "Dateien direkt aus diesem Tab senden." })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator("html")).toHaveAttribute("lang", "de");

  await page.goto("about:blank");
  await page.goto(`${server.url}/#${"k".repeat(43)}`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Wird vorbereitet…");
  letGo();
  await expect(page.getByTestId("share")).toBeVisible();
  await context.close();
});

/** The first half of a click. */
async function holdSettings(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).hover();
  await page.mouse.down();
}

/** The second half of it, in a moment in which the app could have been drawn. */
async function liftOnceTheCodeIsThere(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const isThere = () => performance.getEntriesByType("resource").some(({ name }) => /\/mount-/.test(name));
    while (!isThere()) await new Promise(requestAnimationFrame);
    for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
  });
  await page.mouse.up();
}

/** Runs in the page. */
function dropLetter(): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["Dear all"], "letter.txt"));
  document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}
