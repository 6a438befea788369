/** Opens a link in any form and shows what it leads to, or says what is wrong with it. */
import type { AppStore } from "./app-store.ts";
import type { Commands } from "./session.ts";

/** @returns whether the text was a link. */
export function openLink(store: AppStore, commands: Pick<Commands, "open">, text: string): boolean {
  const opened = commands.open(text);
  if ("problem" in opened) {
    store.reportLinkProblem(opened.problem);
    return false;
  }
  store.show(opened.id);
  return true;
}
