import { useEffect } from "react";
import { lossOnLeaving } from "../store/selectors.ts";
import { useApp } from "./app-context.tsx";

/** Closing the tab is asked back only while somebody would lose something by it; browsers show words of their own. */
export function useLeaveGuard(): void {
  const isNeeded = useApp((state) => lossOnLeaving(state.shares) !== undefined);
  useEffect(() => {
    if (!isNeeded) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isNeeded]);
}
