import { useEffect } from "react";
import { lossOnLeaving } from "../store/selectors.ts";
import { useApp, useAppStore, useText } from "./app-context.tsx";
import { nameOf } from "./share-name.ts";

/**
 * Closing the tab is asked back only while somebody would lose something by it. Browsers ask in words of their
 * own, so whoever stays reads here what it would have been.
 */
export function useLeaveGuard(): void {
  const text = useText();
  const store = useAppStore();
  const isNeeded = useApp((state) => lossOnLeaving(state.shares, state.saved) !== undefined);
  useEffect(() => {
    if (!isNeeded) return;
    const ask = (event: BeforeUnloadEvent) => {
      event.preventDefault();
      const { shares, saved } = store.getState();
      const loss = lossOnLeaving(shares, saved);
      // Runs only when the person stays.
      if (loss !== undefined)
        setTimeout(() => store.say(text.leaving({ ...loss, name: nameOf(loss.name, text) })));
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isNeeded, store, text]);
}
