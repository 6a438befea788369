import { useEffect, useState, useSyncExternalStore } from "react";
import { useApp } from "./app-context.tsx";

/** The browser cannot tell well: for so long our server may show that there is a network all the same, ms. */
const BORNE_OUT_AFTER_MS = 1_500;

/** The device has no network. */
export function useNoNetwork(): boolean {
  const isConnected = useApp((state) => state.tracker === "online");
  const hasNetwork = useSyncExternalStore(
    watch,
    () => navigator.onLine,
    () => true,
  );
  const seemsCutOff = !isConnected && !hasNetwork;
  const [isBorneOut, setBorneOut] = useState(false);
  useEffect(() => {
    if (!seemsCutOff) return;
    const timer = setTimeout(() => setBorneOut(true), BORNE_OUT_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setBorneOut(false);
    };
  }, [seemsCutOff]);
  return seemsCutOff && isBorneOut;
}

function watch(onChange: () => void): () => void {
  window.addEventListener("online", onChange);
  window.addEventListener("offline", onChange);
  return () => {
    window.removeEventListener("online", onChange);
    window.removeEventListener("offline", onChange);
  };
}
