import { useEffect } from "react";
import { useApp, useAppStore } from "./app-context.tsx";
import { readPreference } from "./preferences.ts";

/** Keeps the chosen colours on the document; "system" leaves them to the system. */
export function useTheme(): void {
  const store = useAppStore();
  const theme = useApp((state) => state.theme);

  useEffect(() => {
    const stored = readPreference("theme", ["light", "dark"]);
    if (stored !== undefined) store.setTheme(stored);
  }, [store]);

  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}
