import { useEffect, useRef } from "react";
import { useApp, useAppStore } from "./app-context.tsx";

/**
 * The browser's back button leads from a share to the start page instead of out of the app, where it would end
 * every transfer. The address itself stays as it is. A share that was deleted meanwhile has no page to go back to.
 */
export function useBackButton(): void {
  const store = useAppStore();
  const shown = useApp((state) => state.shown);
  const current = useRef<string | undefined>(undefined);

  useEffect(() => {
    if (current.current === shown) return;
    current.current = shown;
    history.pushState({ shown }, "");
  }, [shown]);

  useEffect(() => {
    const turn = (event: PopStateEvent) => {
      const named = shownIn(event.state);
      const target = store.getState().shares.find(({ id }) => id === named)?.id;
      current.current = target;
      store.show(target);
    };
    window.addEventListener("popstate", turn);
    return () => window.removeEventListener("popstate", turn);
  }, [store]);
}

function shownIn(state: unknown): string | undefined {
  if (typeof state !== "object" || state === null || !("shown" in state)) return undefined;
  return typeof state.shown === "string" ? state.shown : undefined;
}
