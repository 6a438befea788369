import { Toast } from "@base-ui/react/toast";
import { useCallback } from "react";
import type { ChosenFile } from "../../store/session.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { readTransfer, type Transfer } from "./read-drop.ts";

/** Sharing as every way of choosing files ends: with the share's page, or a word on why there is none. */
export function useShareFiles() {
  const { commands } = useActions();
  const store = useAppStore();
  const text = useText();
  const toasts = Toast.useToastManager();
  const { add } = toasts;

  const shareFiles = useCallback(
    (files: readonly ChosenFile[]) => {
      if (files.length === 0) {
        add({ description: text.home.nothingInDrop });
        return;
      }
      store.show(commands.share(files, { public: store.getState().sharePublicly }));
      // The next share is private again unless asked otherwise: a wrong default must not leak anything.
      store.setSharePublicly(false);
    },
    [commands, store, text, add],
  );

  const shareTransfer = useCallback(
    (transfer: Transfer) => {
      readTransfer(transfer).then(shareFiles, () => add({ description: text.home.unreadableDrop }));
    },
    [shareFiles, text, add],
  );

  return { shareFiles, shareTransfer };
}
