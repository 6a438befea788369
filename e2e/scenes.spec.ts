/** Every scene of the mock interface: readable by everybody, on every width, whichever way lines run. */
import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type MockUi, openScene, serveMockUi } from "../tools/mock-ui.ts";
import { objections } from "./for-everybody.ts";

// A trace of hundreds of screens would take longer than the screens.
test.use({ trace: "off" });

const PHONE = { width: 360, height: 780 };
/** As a screen of 640 px is at 200 %. */
const NARROWEST = { width: 320, height: 640 };
const DESK = { width: 1280, height: 800 };

let ui: MockUi;
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  ui = await serveMockUi();
  context = await browser.newContext({ reducedMotion: "reduce" });
  page = await context.newPage();
});

test.afterAll(async () => {
  await context.close();
  await ui.close();
});

/** What is open above the page follows its button some frames after the window has changed. */
const FRAMES_TO_SETTLE = 60;

async function overTheEdge(dir: "ltr" | "rtl"): Promise<string[]> {
  await page.evaluate((direction) => {
    document.documentElement.dir = direction;
  }, dir);
  const excess = await page.evaluate(async (frames) => {
    const excessNow = () => document.documentElement.scrollWidth - window.innerWidth;
    for (let frame = 0; frame < frames && excessNow() > 0; frame++)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    return excessNow();
  }, FRAMES_TO_SETTLE);
  return excess > 0 ? [`${excess} px over the edge, ${dir}`] : [];
}

/** Buttons, fields and boxes that a finger would miss. */
function smallTargets(): Promise<string[]> {
  return page
    .locator("button:visible, a:visible, input[type=text]:visible, summary:visible, label:visible")
    .evaluateAll((all) =>
      all.flatMap((element) => {
        const { width, height } = element.getBoundingClientRect();
        // Where the whole row is pressed, the words in it are no target of their own.
        const isWholeRow = getComputedStyle(element, "::after").position === "absolute";
        const isFieldName = element instanceof HTMLLabelElement && element.control?.tagName === "INPUT";
        const isFine = isWholeRow || isFieldName || (height >= 44 && width >= 44);
        return isFine ? [] : [`small: ${element.textContent} ${Math.round(width)} × ${Math.round(height)}`];
      }),
    );
}

/** So many at once that no test takes long on a slow machine. */
const PARTS = 8;

for (let part = 1; part <= PARTS; part++) {
  test(`no scene keeps anybody out: axe, both themes, phones, 200 %, lines to the left, fingers (${part} of ${PARTS})`, async () => {
    const all = await ui.scenes(page);
    const found: Record<string, string[]> = {};
    for (const scene of all.filter((_, index) => index % PARTS === part - 1)) {
      const lines = await linesAbout(scene);
      if (lines.length > 0) found[scene] = lines;
    }
    expect(all.length).toBeGreaterThan(PARTS);
    expect(found).toEqual({});
  });
}

/** Whatever is wrong with one scene. */
async function linesAbout(scene: string): Promise<string[]> {
  await page.setViewportSize(DESK);
  await openScene(page, ui, scene, "theme=light");
  const details = page.getByTestId("details");
  await details.evaluateAll((all) => {
    for (const each of all) each.setAttribute("open", "");
  });
  // What is in them is fetched and drawn once they are open.
  for (const each of await details.all()) await each.locator("h2").first().waitFor({ state: "attached" });
  const lines = await objections(page);
  await page.evaluate(() => {
    document.documentElement.dataset.theme = "dark";
  });
  lines.push(...(await objections(page, ["color-contrast"])));
  await page.setViewportSize(PHONE);
  lines.push(...(await smallTargets()));
  await page.setViewportSize(NARROWEST);
  lines.push(...(await overTheEdge("ltr")), ...(await overTheEdge("rtl")));
  return lines;
}
