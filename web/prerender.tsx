/** The screens that are seen first as markup, for the build to put into the page (tools/prerender-screens.ts). Runs in Node. */
import { renderToStaticMarkup } from "react-dom/server";
import { createAppStore } from "./store/app-store.ts";
import type { ShareId } from "./store/session.ts";
import { App } from "./views/app.tsx";
import { AppProvider } from "./views/app-context.tsx";
import { fakeActions } from "./views/mock/fake-actions.ts";
import type { Text } from "./views/text/en.ts";
import { type Language, languageNames } from "./views/text/language.ts";
import { loadText } from "./views/text/languages.ts";

interface FirstScreens {
  /** What every first visit sees. */
  readonly home: string;
  /** What is seen by everybody who opens a link, until it is known what is behind it. */
  readonly opening: string;
}

export async function prerenderScreens(): Promise<Record<Language, FirstScreens>> {
  const languages = Object.keys(languageNames) as Language[];
  const screens = await Promise.all(
    languages.map(async (language) => {
      const text = await loadText(language);
      return [language, { home: drawn(text), opening: drawn(text, "on its way") }] as const;
    }),
  );
  return Object.fromEntries(screens) as Record<Language, FirstScreens>;
}

function drawn(text: Text, shown?: ShareId): string {
  const store = createAppStore();
  store.show(shown);
  // Outside of a browser a view asks for nothing but the initial state.
  const drawnStore = { ...store, getInitialState: store.getState };
  return renderToStaticMarkup(
    <AppProvider store={drawnStore} actions={fakeActions({ snapshots: [], files: [] })} text={text}>
      <App />
    </AppProvider>,
  );
}
