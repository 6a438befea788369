import { useEffect, useState } from "react";
import { openLink } from "../../store/opening.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { Fish } from "../graphics/fish.tsx";
import styles from "./drop-curtain.module.css";
import { useShareFiles } from "./use-share-files.ts";

/** Makes the whole page the target of drops and pastes, and says so while something is dragged over it. */
export function DropCurtain() {
  const text = useText();
  const [dragged, setDragged] = useState<number>();
  const { shareTransfer } = useShareFiles();
  usePaste(shareTransfer);

  useEffect(() => {
    // Every element that is entered is left again, in some order: only the balance tells whether the page was left.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth++;
      setDragged(countFiles(event));
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setDragged(undefined);
    };
    const over = (event: DragEvent) => {
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setDragged(undefined);
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      shareTransfer(event.dataTransfer);
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", drop);
    };
  }, [shareTransfer]);

  if (dragged === undefined) return null;
  return <CurtainSheet message={text.home.letGo(dragged)} />;
}

/** What covers the page during a drag. */
export function CurtainSheet({ message }: { readonly message: string }) {
  return (
    <div className={styles.curtain} role="status">
      <div className={styles.frame}>
        <svg viewBox="0 0 56 36" className={styles.fish} aria-hidden="true">
          <Fish size={24} x={38} y={18} />
          <Fish size={18} x={17} y={8} />
          <Fish size={18} x={17} y={28} />
        </svg>
        <p className={styles.message}>{message}</p>
      </div>
    </div>
  );
}

function usePaste(shareTransfer: ReturnType<typeof useShareFiles>["shareTransfer"]) {
  const { commands } = useActions();
  const store = useAppStore();
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData === null || isTextField(event.target)) return;
      if (event.clipboardData.files.length > 0) {
        event.preventDefault();
        shareTransfer(event.clipboardData);
        return;
      }
      const pasted = event.clipboardData.getData("text/plain").trim();
      if (pasted !== "") openLink(store, commands, pasted);
    };
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, [commands, store, shareTransfer]);
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** 0 where the browser does not tell before the drop. */
function countFiles(event: DragEvent): number {
  return [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === "file").length;
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
