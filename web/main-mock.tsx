/**
 * The whole interface on made-up data: `npm run dev:mock`, then /mock.html for a list of the screens, and
 * /mock.html#NAME for each. The same address always looks the same; `?theme=dark` chooses the colours, `?lang=de`
 * the language, `?dir=rtl` lets lines run to the left, and `?live` lets the data move as during a transfer.
 */
import { createRoot } from "react-dom/client";
import { createAppStore } from "./store/app-store.ts";
import { fakeActions } from "./views/mock/fake-actions.ts";
import { moved, TICK_MS } from "./views/mock/live.ts";
import { SceneList } from "./views/mock/scene-list.tsx";
import { type Scene, scenes } from "./views/mock/scenes.tsx";
import { mountApp } from "./views/mount.tsx";

const root = document.createElement("div");
root.id = "root";
document.getElementById("root")?.replaceWith(root);
const scene = new Map(Object.entries(scenes)).get(location.hash.slice(1));
if (scene === undefined) createRoot(root).render(<SceneList names={Object.keys(scenes)} />);
else void show(scene);
window.addEventListener("hashchange", () => location.reload());

/** A screen that is itself about waiting is drawn although something is on its way. */
const LONGEST_WAIT_MS = 300;

/** For those who take pictures. */
function tellWhenDrawn(deadline: number): void {
  requestAnimationFrame(() => {
    const isComing = document.querySelector('[aria-busy="true"], main:empty, #root:empty') !== null;
    if (isComing && performance.now() < deadline) tellWhenDrawn(deadline);
    else requestIdleCallback(() => document.documentElement.setAttribute("data-drawn", ""));
  });
}

/** So that a scene is complete as soon as it is drawn. */
function fetchEverything(): Promise<unknown> {
  return Promise.all([
    import("./views/share/share-page.tsx"),
    import("./views/details/details.tsx"),
    import("./views/settings/settings-page.tsx"),
    import("./views/parts/toasts.tsx"),
    import("./views/parts/menu.tsx"),
    import("./views/share/options-drawer.tsx"),
    import("./views/share/qr-dialog.tsx"),
  ]);
}

async function show(chosen: Scene): Promise<void> {
  const store = createAppStore();
  for (const [at, snapshot] of chosen.snapshots.entries()) store.take(snapshot, at * 1000);
  if (chosen.shown !== undefined) store.show(chosen.shown);
  if (chosen.inSettings === true) store.showSettings();
  if (chosen.linkProblem !== undefined) store.reportLinkProblem(chosen.linkProblem);
  const { theme, dir, lang, live } = Object.fromEntries(new URLSearchParams(location.search));
  if (theme === "light" || theme === "dark") store.setTheme(theme);
  if (lang === "de") store.setLanguage(lang);
  if (dir === "rtl") document.documentElement.dir = dir;
  await fetchEverything();
  await mountApp(root, store, fakeActions(chosen), { content: chosen.content });
  for (const testId of chosen.presses ?? []) await press(testId);
  tellWhenDrawn(performance.now() + LONGEST_WAIT_MS);
  const last = chosen.snapshots.at(-1);
  if (live === undefined || last === undefined) return;
  let tick = 0;
  setInterval(
    () => store.take(moved(last, ++tick), chosen.snapshots.length * 1000 + tick * TICK_MS),
    TICK_MS,
  );
}

/** Presses it as soon as it is there. */
async function press(testId: string): Promise<void> {
  for (;;) {
    const element = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
    if (element !== null) return (element.querySelector("summary") ?? element).click();
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
