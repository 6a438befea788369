/** The text of every language. */
import { createText, type Text } from "./en.ts";
import type { Language } from "./language.ts";

/** English is part of the first load; every other language is fetched when it is wanted. */
export async function loadText(language: Language): Promise<Text> {
  if (language === "en") return createText();
  const { createGermanText } = await import("./de.ts");
  return createGermanText();
}
