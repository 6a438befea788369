import type { Page } from "@playwright/test";

/**
 * The loader keeps the names of inner functions by calling a function that pages do not have: functions that are sent
 * to one need it. Call it before the page is opened.
 */
export async function keepNames(page: Page): Promise<void> {
  await page.addInitScript("globalThis.__name = (named) => named");
}
