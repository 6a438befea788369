import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import type { OnSaveProgress } from "../actions.ts";
import { useActions, useAppStore } from "../app-context.tsx";

export type SaveState =
  /** `fraction` 0 … 1; 0 where the browser does not tell. */
  { readonly type: "saving"; readonly fraction: number } | { readonly type: "saved" | "failed" };

/** Saving what is complete: everything that was wanted, or one file of it. */
export function useSave(share: ShareView) {
  const { commands, saveFile, saveFiles } = useActions();
  const store = useAppStore();
  const [state, setState] = useState<SaveState>();

  const read = async (index: number): Promise<Blob> => {
    const blob = await commands.blob(share.id, index);
    if (blob === undefined) throw new Error("the file is not complete");
    return blob;
  };

  const attempt = async (save: (onProgress: OnSaveProgress) => Promise<boolean>) => {
    setState({ type: "saving", fraction: 0 });
    try {
      const isSaved = await save((fraction) => setState({ type: "saving", fraction }));
      setState(isSaved ? { type: "saved" } : undefined);
      if (isSaved) store.noteSaved(share.id);
    } catch {
      setState({ type: "failed" });
    }
  };

  /** Everything wanted and complete. */
  const list = async () => {
    const files = await commands.files(share.id);
    return files.flatMap(({ path, size, have, wanted }, index) =>
      wanted && have >= size ? [{ path, size, read: () => read(index) }] : [],
    );
  };

  return {
    state,
    saveOne: (index: number, name: string) => attempt((tell) => saveFile(name, () => read(index), tell)),
    saveAll: (asZip: boolean) => attempt((tell) => saveFiles(share.name, list, asZip, tell)),
  };
}
