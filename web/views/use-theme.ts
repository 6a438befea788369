import { useEffect } from "react";
import type { Theme } from "../store/app-store.ts";
import { useApp, useAppStore } from "./app-context.tsx";

const STORAGE_KEY = "shoal.theme";

/** Keeps the chosen colours on the document and in this browser; "system" leaves them to the system. */
export function useTheme(): void {
  const store = useAppStore();
  const theme = useApp((state) => state.theme);

  useEffect(() => {
    const stored = readStored();
    if (stored !== undefined) store.setTheme(stored);
  }, [store]);

  useEffect(() => {
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }, [theme]);
}

/** Storage is refused in some private windows: then the choice lasts as long as the tab. */
export function storeTheme(theme: Theme): void {
  try {
    localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    return;
  }
}

function readStored(): Theme | undefined {
  try {
    const stored = localStorage.getItem(STORAGE_KEY);
    return stored === "light" || stored === "dark" ? stored : undefined;
  } catch {
    return undefined;
  }
}
