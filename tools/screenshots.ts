/**
 * `npm run screenshots`: every scene of the mock interface at three widths in both themes, as pictures in
 * test-results/screenshots/. `npm run screenshots -- sharing settings` takes those whose names contain one of the words;
 * `lang=de` and `dir=rtl` beside them have the language and the direction of lines.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { repository } from "./command.ts";
import { launchBrowser, openScene, serveMockUi } from "./mock-ui.ts";

const widths = [360, 768, 1440] as const;
const themes = ["light", "dark"] as const;

const given = process.argv.slice(2);
const words = given.filter((word) => !word.includes("="));
const query = given.filter((word) => word.includes("="));
const ending = query.map((word) => `-${word.replace(/.*=/, "")}`).join("");
const folder = join(repository, "test-results", "screenshots");
mkdirSync(folder, { recursive: true });

const ui = await serveMockUi();
const browser = await launchBrowser();
let count = 0;
try {
  const page = await browser.newPage({ reducedMotion: "reduce", locale: "en-GB" });
  const scenes = await ui.scenes(page);
  const chosen = scenes.filter((scene) => words.length === 0 || words.some((word) => scene.includes(word)));
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 700 ? 780 : 900 });
    for (const theme of themes) {
      for (const scene of chosen) {
        await openScene(page, ui, scene, [`theme=${theme}`, ...query].join("&"));
        const path = join(folder, `${scene}-${width}-${theme}${ending}.png`);
        await page.screenshot({ path, fullPage: true, animations: "disabled", caret: "hide" });
        count++;
      }
    }
  }
} finally {
  await browser.close();
  await ui.close();
}
console.log(`${count} pictures in ${folder}`);
