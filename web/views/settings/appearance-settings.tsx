import type { LanguageChoice, Theme } from "../../store/app-store.ts";
import { useApp, useAppStore, useText } from "../app-context.tsx";
import { Card } from "../parts/card.tsx";
import { Choice } from "../parts/choice.tsx";
import { storePreference } from "../preferences.ts";
import { type Language, languageNames } from "../text/language.ts";

const themes: readonly Theme[] = ["system", "light", "dark"];
const languages = Object.entries(languageNames) as readonly [Language, string][];

export function AppearanceSettings() {
  const text = useText();
  const store = useAppStore();
  const theme = useApp((state) => state.theme);
  const language = useApp((state) => state.language);
  const chooseTheme = (chosen: Theme) => {
    store.setTheme(chosen);
    storePreference("theme", chosen);
  };
  const chooseLanguage = (chosen: LanguageChoice) => {
    store.setLanguage(chosen);
    storePreference("language", chosen);
  };
  return (
    <Card title={text.settings.appearance}>
      <Choice
        label={text.theme.label}
        value={theme}
        options={themes.map((value) => ({ value, label: text.theme[value] }))}
        onChange={chooseTheme}
      />
      <Choice
        label={text.settings.language}
        value={language}
        options={[
          { value: "system", label: text.settings.asBrowser },
          ...languages.map(([value, label]) => ({ value, label })),
        ]}
        onChange={chooseLanguage}
      />
    </Card>
  );
}
