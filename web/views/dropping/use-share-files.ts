import { useCallback } from "react";
import { areTorrents } from "../../store/opening.ts";
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
    (files: readonly ChosenFile[]) => {
      const { nextShare } = store.getState();
      const password = nextShare.password.trim();
      const id = commands.share(files, { public: nextShare.public, ...(password !== "" && { password }) });
      if (Object.keys(nextShare.limits).length > 0) commands.limit(id, nextShare.limits);
      store.show(id);
      store.prepareAnew();
    },
    [commands, store],
  );

  const shareFiles = useCallback(
    (files: readonly ChosenFile[]) => {
      if (files.length === 0) store.say(text.home.nothingInDrop);
      else if (areTorrents(files.map(({ file }) => file)))
        store.askAboutTorrents(files.map(({ file }) => file));
      else shareFilesAsTheyAre(files);
    },
    [store, text, shareFilesAsTheyAre],
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
