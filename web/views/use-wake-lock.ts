import { useEffect } from "react";
import { isMoving } from "../store/selectors.ts";
import { useApp } from "./app-context.tsx";

/** A phone whose screen goes dark stops its tabs: while something is under way, the screen stays on. */
export function useWakeLock(): void {
  const isNeeded = useApp((state) => state.shares.some(isMoving));
  useEffect(() => {
    if (!isNeeded || !("wakeLock" in navigator) || !matchMedia("(pointer: coarse)").matches) return;
    let lock: WakeLockSentinel | undefined;
    let isOver = false;
    const hold = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        lock = await navigator.wakeLock.request("screen");
        if (isOver) await lock.release();
      } catch {
        // Refused, as when the battery is low: the transfer goes on for as long as the screen does.
      }
    };
    void hold();
    // The system takes it away when the tab is hidden.
    document.addEventListener("visibilitychange", hold);
    return () => {
      isOver = true;
      document.removeEventListener("visibilitychange", hold);
      void lock?.release();
    };
  }, [isNeeded]);
}
