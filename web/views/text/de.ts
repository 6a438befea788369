import type { Text } from "./en.ts";
import { createText } from "./en.ts";
export function createGermanText(): Text {
  return createText();
}
