import { createRoot } from "react-dom/client";
import type { AppStore } from "../store/app-store.ts";
import type { Actions } from "./actions.ts";
import { App } from "./app.tsx";
import { AppProvider } from "./app-context.tsx";
import { createText } from "./text/en.ts";
import "./theme/tokens.css";
import "./theme/base.css";

/** Draws the whole interface into `root`. @returns what takes it away again. */
export function mountApp(root: HTMLElement, store: AppStore, actions: Actions): () => void {
  const text = createText();
  document.documentElement.lang = text.locale;
  const reactRoot = createRoot(root);
  reactRoot.render(
    <AppProvider store={store} actions={actions} text={text}>
      <App />
    </AppProvider>,
  );
  return () => reactRoot.unmount();
}
