import { useCallback } from "react";
import { shareAsTheyAre, takeFiles } from "../../store/opening.ts";
import type { ChosenFile } from "../../store/session.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { pickFiles } from "./pick-files.ts";
import { readTransfer, type Transfer } from "./read-drop.ts";

/** Sharing as every way of choosing files ends: with the share's page, or a word on why there is none. */
export function useShareFiles() {
  const { commands } = useActions();
  const store = useAppStore();
  const text = useText();

  const shareFilesAsTheyAre = useCallback(
    (files: readonly ChosenFile[]) => shareAsTheyAre(store, commands, files),
    [commands, store],
  );

  const shareFiles = useCallback(
    (files: readonly ChosenFile[]) => {
      if (files.length === 0) store.say(text.home.nothingInDrop);
      else takeFiles(store, commands, files);
    },
    [store, text, commands],
  );

  const shareTransfer = useCallback(
    (transfer: Transfer) => {
      readTransfer(transfer).then(shareFiles, () => store.say(text.home.unreadableDrop));
    },
    [shareFiles, text, store],
  );

  /** Called from within a click: the browser's picker, or the hidden input where there is none. */
  const choose = useCallback(
    (of: "files" | "folder", input: HTMLInputElement | null) => {
      const picked = pickFiles(of);
      if (picked === undefined) input?.click();
      else
        picked.then(
          (files) => files.length > 0 && shareFiles(files),
          () => store.say(text.home.unreadableDrop),
        );
    },
    [shareFiles, text, store],
  );

  return { shareFiles, shareFilesAsTheyAre, shareTransfer, choose };
}
