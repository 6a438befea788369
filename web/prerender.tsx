/** Home as markup, for the build to put into the page (tools/prerender-home.ts). Runs in Node. */
import { renderToStaticMarkup } from "react-dom/server";
import { createAppStore } from "./store/app-store.ts";
import { App } from "./views/app.tsx";
import { AppProvider } from "./views/app-context.tsx";
import { fakeActions } from "./views/mock/fake-actions.ts";
import { type Language, languageNames } from "./views/text/language.ts";
import { loadText } from "./views/text/languages.ts";

/** What every first visit sees, in every language. */
export async function prerenderHome(): Promise<Record<Language, string>> {
  const languages = Object.keys(languageNames) as Language[];
  const homes = await Promise.all(
    languages.map(async (language) => [language, homeIn(await loadText(language))] as const),
  );
  return Object.fromEntries(homes) as Record<Language, string>;
}

function homeIn(text: Awaited<ReturnType<typeof loadText>>): string {
  return renderToStaticMarkup(
    <AppProvider store={createAppStore()} actions={fakeActions({ snapshots: [], files: [] })} text={text}>
      <App />
    </AppProvider>,
  );
}
