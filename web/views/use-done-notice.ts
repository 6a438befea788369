import { useEffect, useRef } from "react";
import { useApp, useAppStore, useText } from "./app-context.tsx";
import { notify } from "./notifications.ts";
import { nameOf } from "./share-name.ts";

/** Tells through the system that a download is done, when the person asked for it and looks elsewhere. */
export function useDoneNotice(): void {
  const text = useText();
  const store = useAppStore();
  const underway = useRef(new Set<string>());
  const shares = useApp((state) => state.shares);

  useEffect(() => {
    for (const { id, stage, name } of shares) {
      if (stage === "downloading" || stage === "waiting") underway.current.add(id);
      if (stage !== "done" || !underway.current.delete(id) || document.visibilityState === "visible")
        continue;
      void notify(text.notifications.done(nameOf(name, text)), () => store.show(id));
    }
  }, [shares, text, store]);
}
