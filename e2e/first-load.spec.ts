/** What the first screen costs whoever opens it. */
import { gzipSync } from "node:zlib";
import type { Response } from "@playwright/test";
import { expect, test } from "./fixtures.ts";

/** Compressed JavaScript of the page, without the worker's. */
const MOST_BYTES = 130_000;

test("Home needs at most 130 KB of compressed JavaScript, and nothing on it moves once it is drawn", async ({
  newPerson,
}) => {
  const person = await newPerson("somebody");
  const { page } = person;
  const scripts: Response[] = [];
  page.on("response", (response) => {
    const isPages = response.request().resourceType() === "script" && !response.url().includes("worker");
    if (isPages) scripts.push(response);
  });
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if ("value" in entry) shifts.push(Number(entry.value));
    }).observe({ type: "layout-shift", buffered: true });
  });
  await person.goHome();

  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByTestId("connection")).toHaveAttribute("data-state", "online");
  await page.waitForLoadState("networkidle");

  const sizes: Record<string, number> = {};
  for (const script of scripts) sizes[new URL(script.url()).pathname] = gzipSync(await script.body()).length;
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  console.log(`JavaScript of Home: ${(total / 1000).toFixed(1)} KB compressed, in ${scripts.length} files`);
  expect(total, JSON.stringify(sizes, undefined, 2)).toBeLessThanOrEqual(MOST_BYTES);
  expect(await page.evaluate(() => Reflect.get(window, "shifts"))).toEqual([]);
});
