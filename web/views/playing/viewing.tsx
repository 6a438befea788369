/** What is played or looked at on the page of a share: above its screens, so that it goes on when they change. */
import { createContext, type ReactNode, useContext, useState } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { nameOf, type ViewedFile } from "./use-source.ts";
import { Viewer } from "./viewer.tsx";

const OpenView = createContext<(viewed: ViewedFile) => void>(() => {});

/** Opens a file for looking at it. */
export function useOpenView(): (viewed: ViewedFile) => void {
  return useContext(OpenView);
}

export function Viewing({ children }: { readonly children: ReactNode }) {
  const [viewed, setViewed] = useState<ViewedFile>();
  const [isOpen, setOpen] = useState(false);
  const open = (chosen: ViewedFile) => {
    setViewed(chosen);
    setOpen(true);
  };
  return (
    <OpenView value={open}>
      {children}
      {viewed !== undefined && (
        <Dialog title={nameOf(viewed.file)} isOpen={isOpen} isWide onClose={() => setOpen(false)}>
          <Viewer viewed={viewed} />
        </Dialog>
      )}
    </OpenView>
  );
}
