import { useEffect } from "react";
import { useApp, useAppStore } from "./app-context.tsx";
import { readPreference, watchPreference } from "./preferences.ts";

/** Keeps the chosen colours on the document; "system" leaves them to the system. */
export function useTheme(): void {
  const store = useAppStore();
  const theme = useApp((state) => state.theme);

  useEffect(() => {
    const takeUp = () => store.setTheme(readPreference("theme", ["light", "dark"]) ?? "system");
    // Nothing chosen is no reason to undo what came by another way.
    if (readPreference("theme", ["light", "dark"]) !== undefined) takeUp();
    return watchPreference("theme", takeUp);
  }, [store]);

  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}
