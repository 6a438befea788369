/** The interface on made-up data (`npm run dev:mock`), built and served on a free port, for pictures and checks of every scene. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { build, preview } from "vite";
import { findBrowser } from "./browser.ts";
import { chromiumArgs } from "./chromium-args.ts";
import { repository } from "./command.ts";

export interface MockUi {
  /** Address of a scene. @param query what chooses theme or direction, such as "theme=dark". */
  address(scene: string, query?: string): string;
  /** The names of all scenes. */
  scenes(page: Page): Promise<string[]>;
  close(): Promise<void>;
}

export async function serveMockUi(): Promise<MockUi> {
  const outDir = mkdtempSync(join(tmpdir(), "shoal-mock-"));
  const common = {
    root: join(repository, "web"),
    configFile: join(repository, "vite.config.ts"),
    mode: "mock",
  };
  await build({ ...common, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...common, logLevel: "warn", build: { outDir }, preview: { port: 0 } });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error("The preview server has no address.");
  const address = (scene: string, query = "") => `${url}mock.html?${query}#${scene}`;
  return {
    address,
    scenes: async (page) => {
      await page.goto(address(""));
      await page.getByRole("link").first().waitFor();
      return page.getByRole("link").allTextContents();
    },
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}

/** Opens a scene and waits until all of it is drawn. */
export async function openScene(page: Page, ui: MockUi, scene: string, query = ""): Promise<void> {
  // The same address with another fragment would not be loaded anew.
  await page.goto("about:blank");
  await page.goto(ui.address(scene, query));
  await page.locator("html[data-drawn]").waitFor({ state: "attached" });
}

/** The browser that tests use, headless. */
export async function launchBrowser() {
  const found = findBrowser();
  if (found === undefined) throw new Error("No Chrome or Chromium here; CHROMIUM_PATH can name one.");
  return chromium.launch({ executablePath: found.path, args: [...chromiumArgs] });
}
