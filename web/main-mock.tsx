/**
 * The whole interface on made-up data: `npm run dev:mock`, then /mock.html for a list of the screens, and
 * /mock.html#NAME for each. The same address always looks the same; `?theme=dark` chooses the colours.
 */
import { createRoot } from "react-dom/client";
import { createAppStore } from "./store/app-store.ts";
import { fakeActions } from "./views/mock/fake-actions.ts";
import { SceneList } from "./views/mock/scene-list.tsx";
import { type Scene, scenes } from "./views/mock/scenes.ts";
import { mountApp } from "./views/mount.tsx";

const root = document.createElement("div");
document.getElementById("root")?.replaceWith(root);
const scene = new Map(Object.entries(scenes)).get(location.hash.slice(1));
if (scene === undefined) createRoot(root).render(<SceneList names={Object.keys(scenes)} />);
else show(scene);
window.addEventListener("hashchange", () => location.reload());

function show(chosen: Scene): void {
  const store = createAppStore();
  for (const [at, snapshot] of chosen.snapshots.entries()) store.take(snapshot, at * 1000);
  if (chosen.shown !== undefined) store.show(chosen.shown);
  if (chosen.linkProblem !== undefined) store.reportLinkProblem(chosen.linkProblem);
  mountApp(root, store, fakeActions(chosen));
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
