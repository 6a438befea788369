/** What would keep somebody out of a page, as lines that say where. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe objects to. */
export async function objections(page: Page, rules?: string[]): Promise<string[]> {
  // There are no frames of other origins, for whose sake it would open another page each time.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules === undefined ? axe : axe.withRules(rules)).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
}

/** The same in both themes, of which the second differs in its colours alone. */
export async function objectionsInBothThemes(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  const light = await objections(page);
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const dark = await objections(page, ["color-contrast"]);
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return [...light, ...dark.map((line) => `dark: ${line}`)];
}

/** What a live region of the page came to say, and what the page's title was, each time in order. */
interface Told {
  readonly heard: string[];
  readonly titles: string[];
}

/** Keeps all that the page tells. Call it before the page is opened. */
export async function listen(page: Page): Promise<() => Promise<Told>> {
  await page.addInitScript(() => {
    const heard: string[] = [];
    const titles: string[] = [];
    Object.assign(window, { told: { heard, titles } });
    new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        const words = element?.closest("[aria-live=polite]")?.textContent ?? "";
        if (words !== "" && heard.at(-1) !== words) heard.push(words);
        if (element instanceof HTMLTitleElement) titles.push(document.title);
      }
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => Reflect.get(window, "told") as Told);
}
