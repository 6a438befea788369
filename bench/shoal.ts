/** Shoal as people get it: the production build from its real server. */
import type { Page } from "@playwright/test";
import { startServer } from "../tools/server.ts";
import type { Contender } from "./contender.ts";

/** Presses Download as soon as it is there and notes when the first block and everything has arrived. */
function watchDownload(): void {
  const now = () => performance.timeOrigin + performance.now();
  const marks = { ...window.bench };
  window.bench = marks;

  document.addEventListener("DOMContentLoaded", () => {
    const pressing = new MutationObserver(() => {
      const button = document.querySelector<HTMLElement>('[data-testid="download"]:enabled');
      if (button === null) return;
      pressing.disconnect();
      button.click();
    });
    pressing.observe(document, { childList: true, subtree: true, attributes: true });
  });

  // After the first block the page is only looked at, so that asking does not cost what is measured.
  const look = setInterval(async () => {
    if (marks.firstBlockAt === undefined) {
      const share = (await window.shoal?.snapshot())?.shares[0];
      if (share !== undefined && share.downloaded > 0) marks.firstBlockAt = now();
    } else if (document.querySelector('[data-testid="share"][data-state="done"]') !== null) {
      marks.doneAt ??= now();
      clearInterval(look);
    }
  }, 20);
}

/** @param isPublic whether what is shared is public, so that other programs can join. */
export async function startShoal({ isPublic = false } = {}): Promise<Contender & { readonly url: string }> {
  const server = await startServer({ LIMITS: "off" });
  return {
    name: "shoal",
    url: server.url,
    seed: async (page, path) => {
      await page.goto(server.url);
      if (isPublic) await page.getByTestId("public-toggle").click();
      return shareWithShoal(page, path);
    },
    open: async (receiver, link) => {
      // Names of inner functions are kept by the loader through a function that the page does not have.
      await receiver.addInitScript("globalThis.__name = (named) => named");
      await receiver.addInitScript(watchDownload);
      await receiver.goto(link);
    },
    uploaded: (seeder) =>
      seeder.evaluate(async () => (await window.shoal.snapshot()).shares[0]?.uploaded ?? 0),
    close: () => server.stop(),
  };
}

/** Shares the file from the first screen. @returns the link, once it is shown. */
export async function shareWithShoal(page: Page, path: string): Promise<string> {
  await page.getByTestId("file-input").setInputFiles(path);
  const link = page.getByTestId("share-link");
  await link.waitFor();
  return (await link.textContent()) ?? "";
}
