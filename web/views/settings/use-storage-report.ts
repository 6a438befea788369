import { useEffect, useState } from "react";
import type { StorageReport } from "../../store/session.ts";
import { useActions, useApp } from "../app-context.tsx";

/** What this browser keeps for us, asked again whenever a share comes or goes; undefined until it is known. */
export function useStorageReport(): StorageReport | undefined {
  const { commands } = useActions();
  const shareCount = useApp((state) => state.shares.length);
  const [report, setReport] = useState<StorageReport>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of shares says when to ask again.
  useEffect(() => {
    let isGone = false;
    commands.storage().then(
      (told) => {
        if (!isGone) setReport(told);
      },
      // A browser that keeps nothing has nothing to tell.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [commands, shareCount]);

  return report;
}
