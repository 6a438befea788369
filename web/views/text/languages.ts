/** The languages that every text is in, and which of them a person reads. */
import type { LanguageChoice } from "../../store/app-store.ts";
import { createText, type Text } from "./en.ts";

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

/** English is part of the first load; every other language is fetched when it is wanted. */
export async function loadText(language: Language): Promise<Text> {
  if (language === "en") return createText();
  const { createGermanText } = await import("./de.ts");
  return createGermanText();
}
