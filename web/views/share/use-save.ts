import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore } from "../app-context.tsx";

export type SaveState = "saving" | "saved" | "failed";

/** Saving what is complete: everything that was wanted, or one file of it. */
export function useSave(share: ShareView) {
  const { commands, saveBlob, saveFiles } = useActions();
  const store = useAppStore();
  const [state, setState] = useState<SaveState>();

  const read = async (index: number): Promise<Blob> => {
    const blob = await commands.blob(share.id, index);
    if (blob === undefined) throw new Error("the file is not complete");
    return blob;
  };

  const attempt = async (save: () => Promise<boolean>) => {
    setState("saving");
    try {
      const isSaved = await save();
      setState(isSaved ? "saved" : undefined);
      if (isSaved) store.noteSaved(share.id);
    } catch {
      setState("failed");
    }
  };

  const saveFile = (index: number, name: string) =>
    attempt(async () => {
      await saveBlob(await read(index), name);
      return true;
    });

  const saveAll = () =>
    attempt(async () => {
      const files = await commands.files(share.id);
      const wanted = files.flatMap(({ path, wanted: isWanted }, index) =>
        isWanted ? [{ path, read: () => read(index) }] : [],
      );
      const [only] = wanted;
      if (share.fileCount > 1 || only === undefined) return saveFiles(share.name, wanted);
      await saveBlob(await only.read(), only.path.at(-1) ?? share.name);
      return true;
    });

  return { state, saveFile, saveAll };
}
