/** Which languages there are, and which of them a person reads: known before any text is here. */
import type { LanguageChoice } from "../../store/app-store.ts";
import { readPreference } from "../preferences.ts";

export type Language = Exclude<LanguageChoice, "system">;

/** Each in its own words. */
export const languageNames: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };

/** @param preferred BCP 47 tags, the dearest first, as the browser tells them. */
export function languageOf(choice: LanguageChoice, preferred: readonly string[]): Language {
  if (choice !== "system") return choice;
  const known = preferred
    .map((tag) => tag.split("-")[0])
    .find((tag) => tag !== undefined && tag in languageNames);
  return known === "de" ? "de" : "en";
}

/** The language that was chosen in this browser, if one was. */
export function storedLanguage(): Language | undefined {
  return readPreference("language", Object.keys(languageNames) as Language[]);
}
