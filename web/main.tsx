/**
 * The composition root of the page. Who opens a link gets the worker first: the app is drawn once it runs, while the
 * session is already looking for people. Without a link the screens come first.
 */
import { askToRead } from "./adapters/library/file-handles.ts";
import { keysOfTab } from "./adapters/library/keys-of-tab.ts";
import { askToPersist } from "./adapters/storage/persistence.ts";
import { offerAutomation } from "./automation.ts";
import { type BeforeTheApp, watchBeforeTheApp } from "./before-the-app.ts";
import { LateWorker } from "./late-worker.ts";
import { whenFilesLaunched } from "./launched-files.ts";
import { SessionClient } from "./session/session-client.ts";
import { shareSettings } from "./settings-of-other-tabs.ts";
import { type AppStore, createAppStore } from "./store/app-store.ts";
import { openLink, openTorrents, takeFiles } from "./store/opening.ts";
import { readPreference } from "./views/preferences.ts";
import { languageOf, storedLanguage } from "./views/text/language.ts";

if (window.isSecureContext) start();
else void refuse();

function start(): void {
  const worker = new LateWorker(
    (name) => new Worker(new URL("./session/worker.ts", import.meta.url), { type: "module", name }),
  );
  const store = createAppStore();
  const home = location.hash.length <= 1 ? showHome(rootElement()) : undefined;
  const linksCode = once(loadLinksCode);
  const session = new SessionClient(worker, {
    onSnapshot: (snapshot) => store.take(snapshot, performance.now()),
    onLinksWanted: (port) => {
      whenSharing(store, () => void linksCode().then((code) => code.expose(port)));
    },
    askToRead,
    keys: keysOfTab,
    onDownload: () => void askToPersist(),
  });
  offerAutomation(session);
  shareSettings(
    {
      settings: () => store.getState().settings,
      subscribe: (changed) => store.subscribe(changed),
      configure: (settings) => session.configure(settings),
    },
    new BroadcastChannel("shoal.settings"),
  );

  const openAddress = () => {
    if (location.hash.length <= 1) return;
    openLink(store, session, location.hash);
    worker.start();
  };
  openAddress();
  if (store.getState().shown !== undefined) showOpening(rootElement());
  window.addEventListener("hashchange", openAddress);
  whenFilesLaunched((files) => void openTorrents(store, session, files));
  // The browser starts a worker only in a moment that the page has to spare, and drawing takes all of them.
  const whenFree = store.getState().shown === undefined ? Promise.resolve() : worker.runs;
  void whenFree.then(() => {
    whenSharing(store, () => {
      void linksCode();
      void import("./views/share/share-page.tsx");
    });
    void mount(store, session, home, () => worker.start());
  });
}

function showHome(root: HTMLElement): BeforeTheApp {
  showDrawn(root, "home");
  return watchBeforeTheApp(root);
}

/** Nothing on it does anything yet, other than on Home: the link is being opened already. */
function showOpening(root: HTMLElement): void {
  showDrawn(root, "opening");
  for (const button of root.querySelectorAll("button")) button.inert = true;
}

/** Shows a screen as the build has drawn it, in the person's language and colours. */
function showDrawn(root: HTMLElement, screen: "home" | "opening"): void {
  const theme = readPreference("theme", ["light", "dark"]);
  if (theme !== undefined) document.documentElement.dataset.theme = theme;
  const language = languageOf(storedLanguage() ?? "system", navigator.languages);
  const drawn = document.querySelector<HTMLTemplateElement>(`template[data-${screen}="${language}"]`);
  if (drawn !== null) root.replaceChildren(drawn.content.cloneNode(true));
  document.documentElement.lang = language;
  root.hidden = false;
}

/** Calls `then` once there is a share, or one is about to be: at once when a link was opened. */
function whenSharing(store: AppStore, then: () => void): void {
  const isSharing = () => store.getState().shown !== undefined || store.getState().shares.length > 0;
  if (isSharing()) {
    then();
    return;
  }
  const stop = store.subscribe(() => {
    if (!isSharing()) return;
    stop();
    then();
  });
}

/** WebRTC: fetched beside the worker's own code, for it is needed as soon as somebody answers. */
async function loadLinksCode() {
  const [{ SystemClock }, { exposeLinks }, { pageLinks }] = await Promise.all([
    import("./adapters/clock.ts"),
    import("./adapters/webrtc/bridge.ts"),
    import("./adapters/webrtc/page-links.ts"),
  ]);
  return { expose: (port: MessagePort) => exposeLinks(pageLinks(new SystemClock()), port) };
}

function once<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}

/** @param home what stands in for the app until then. @param onFetched called when the line is free. */
async function mount(
  store: AppStore,
  session: SessionClient,
  home: BeforeTheApp | undefined,
  onFetched: () => void,
): Promise<void> {
  const [{ mountApp }, { browserActions }, saving, { PageServiceWorker }] = await Promise.all([
    import("./views/mount.tsx"),
    import("./views/actions.ts"),
    import("./adapters/saving/save-files.ts"),
    import("./adapters/service-worker.ts"),
  ]);
  onFetched();
  const worker = new PageServiceWorker(navigator.serviceWorker, {
    onStream: (share, file, port) => session.stream(share, file, port),
    onShared: (files) => {
      const chosen = files.map((file) => ({ file, path: [file.name] }));
      if (chosen.length > 0) takeFiles(store, session, chosen);
      else void loadWords().then((text) => store.say(text.home.nothingShared));
    },
  });
  await mountApp(
    rootElement(),
    store,
    {
      ...browserActions,
      commands: session,
      saveBlob: saving.downloadBlob,
      saveFile: saving.saveFile,
      saveFiles: (...args) => saving.saveFiles(worker, ...args),
      canPickFolder: saving.canPickFolder,
      mediaUrl: (...args) => worker.mediaUrl(...args),
    },
    {
      beforeDrawing: async () => {
        await home?.released();
        home?.collect();
      },
    },
  );
  home?.replay({
    share: (files) => takeFiles(store, session, files),
    open: (link) => openLink(store, session, link),
    refuse: () => void loadWords().then((text) => store.say(text.home.unreadableDrop)),
  });
  if (isOpenedForShared()) worker.askForShared();
  await loaded();
  await worker.register();
}

/** The system opened the page for what it handed over (manifest `share_target`). Said once: a reload is none. */
function isOpenedForShared(): boolean {
  if (location.search !== "?shared") return false;
  history.replaceState(history.state, "", location.pathname);
  return true;
}

/** The page has everything that it came with. */
function loaded(): Promise<void> {
  return new Promise((resolve) => {
    if (document.readyState === "complete") resolve();
    else window.addEventListener("load", () => resolve(), { once: true });
  });
}

/** Browsers keep hashing, storage and encryption from pages that came over an insecure connection. */
async function refuse(): Promise<void> {
  const text = await loadWords();
  const notice = document.createElement("p");
  notice.setAttribute("role", "alert");
  notice.textContent = text.insecure;
  const root = rootElement();
  root.replaceChildren(notice);
  root.hidden = false;
}

async function loadWords() {
  const { loadText } = await import("./views/text/languages.ts");
  return loadText(languageOf(storedLanguage() ?? "system", navigator.languages));
}

function rootElement(): HTMLElement {
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  return root;
}
