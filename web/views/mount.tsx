import { type ReactNode, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { AppStore } from "../store/app-store.ts";
import type { Actions } from "./actions.ts";
import { App } from "./app.tsx";
import { AppProvider, useApp, useAppStore } from "./app-context.tsx";
import { watchPreference } from "./preferences.ts";
import type { Text } from "./text/en.ts";
import { languageOf, storedLanguage } from "./text/language.ts";
import { loadText } from "./text/languages.ts";
import { useTheme } from "./use-theme.ts";
import "./theme/tokens.css";
import "./theme/base.css";

/** For what has to happen around the moment in which the interface is drawn. */
export interface MountOptions {
  /** Something else in place of the screens. */
  readonly content?: ReactNode | undefined;
  /** Right before, when everything that it takes is here. */
  readonly beforeDrawing?: () => Promise<void>;
}

/** Draws the whole interface into `root`, in the language that the person chose or the browser prefers. */
export async function mountApp(
  root: HTMLElement,
  store: AppStore,
  actions: Actions,
  { content = <App />, beforeDrawing }: MountOptions = {},
): Promise<void> {
  const stored = storedLanguage();
  if (stored !== undefined) store.setLanguage(stored);
  const text = await loadText(languageOf(store.getState().language, navigator.languages));
  await beforeDrawing?.();
  const whole = (
    <Root store={store} actions={actions} firstText={text}>
      {content}
    </Root>
  );
  flushSync(() => createRoot(root).render(whole));
  root.hidden = false;
}

interface RootProps {
  readonly store: AppStore;
  readonly actions: Actions;
  readonly firstText: Text;
  readonly children: ReactNode;
}

function Root({ store, actions, firstText, children }: RootProps) {
  const [text, setText] = useState(firstText);
  return (
    <AppProvider store={store} actions={actions} text={text}>
      <LanguageKeeper onText={setText} />
      <ThemeKeeper />
      {children}
    </AppProvider>
  );
}

function ThemeKeeper() {
  useTheme();
  return null;
}

/** Fetches the text of the chosen language, and tells the document which one it is. */
function LanguageKeeper({ onText }: { readonly onText: (text: Text) => void }) {
  const store = useAppStore();
  const choice = useApp((state) => state.language);
  useEffect(
    () => watchPreference("language", () => store.setLanguage(storedLanguage() ?? "system")),
    [store],
  );
  useEffect(() => {
    const language = languageOf(choice, navigator.languages);
    document.documentElement.lang = language;
    let isOver = false;
    loadText(language).then(
      (text) => {
        if (!isOver) onText(text);
      },
      // The server is away: the words stay as they are until the next try.
      () => undefined,
    );
    return () => {
      isOver = true;
    };
  }, [choice, onText]);
  return null;
}
