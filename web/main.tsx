/**
 * The composition root of the page. The worker and the link in the address come first: while the screens are
 * still being fetched, the session is already looking for people.
 */
import { offerAutomation } from "./automation.ts";
import { SessionClient } from "./session/session-client.ts";
import { createAppStore } from "./store/app-store.ts";
import { openLink } from "./store/opening.ts";

if (window.isSecureContext) start();
else refuse();

function start(): void {
  const worker = new Worker(new URL("./session/worker.ts", import.meta.url), {
    type: "module",
    name: "swarm",
  });
  const linksCode = loadLinksCode();
  const store = createAppStore();
  const session = new SessionClient(worker, {
    onSnapshot: (snapshot) => store.take(snapshot, performance.now()),
    onLinksWanted: (port) => void expose(port, linksCode),
  });
  offerAutomation(session);

  const openAddress = () => {
    if (location.hash.length > 1) openLink(store, session, location.hash);
  };
  openAddress();
  window.addEventListener("hashchange", openAddress);
  void mount(store, session);
}

/** Fetched beside the worker's own code: it is needed as soon as somebody answers. */
async function loadLinksCode() {
  const [{ SystemClock }, { exposeLinks }, { pageLinks }] = await Promise.all([
    import("./adapters/clock.ts"),
    import("./adapters/webrtc/bridge.ts"),
    import("./adapters/webrtc/page-links.ts"),
  ]);
  return { expose: (port: MessagePort) => exposeLinks(pageLinks(new SystemClock()), port) };
}

async function expose(port: MessagePort, code: ReturnType<typeof loadLinksCode>): Promise<void> {
  (await code).expose(port);
}

async function mount(store: ReturnType<typeof createAppStore>, session: SessionClient): Promise<void> {
  const [{ mountApp }, { browserActions }, { saveBlob }, { saveFiles }] = await Promise.all([
    import("./views/mount.tsx"),
    import("./views/actions.ts"),
    import("./adapters/saving.ts"),
    import("./adapters/saving/save-files.ts"),
  ]);
  mountApp(rootElement(), store, { ...browserActions, commands: session, saveBlob, saveFiles });
}

/** Browsers keep hashing, storage and encryption from pages that came over an insecure connection. */
function refuse(): void {
  const notice = document.createElement("p");
  notice.setAttribute("role", "alert");
  notice.textContent =
    "Shoal needs a secure address. Open this page with https:// instead of http://, or on localhost.";
  rootElement().replaceChildren(notice);
}

function rootElement(): HTMLElement {
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  return root;
}
