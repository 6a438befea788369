import { useEffect, useState } from "react";
import type { FileSnapshot, ShareId } from "../../store/session.ts";
import { useActions } from "../app-context.tsx";
import { isPlayed, type ViewKind } from "./view-kind.ts";

/** One file of a share, as far as it is looked at. */
export interface ViewedFile {
  readonly share: ShareId;
  readonly index: number;
  readonly file: FileSnapshot;
  readonly kind: ViewKind;
}

export type Source =
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "blob"; readonly blob: Blob; readonly url: string }
  | { readonly type: "failed" };

/** Whether the file can be looked at now: what is played needs its beginning, everything else all of it. */
export function useCanView({ share, index, file, kind }: ViewedFile): boolean {
  const { mediaUrl } = useActions();
  const isHere = file.have >= file.size && file.size > 0;
  const hasUrl = mediaUrl(share, index, nameOf(file)) !== undefined;
  if (kind === "pdf") return isHere && hasUrl && navigator.pdfViewerEnabled;
  return isHere || (isPlayed(kind) && file.hasBegun && hasUrl);
}

/** Where it is read from, the same as long as it is looked at; undefined for a moment. */
export function useSource(viewed: ViewedFile): Source | undefined {
  const { commands, mediaUrl } = useActions();
  const [source, setSource] = useState<Source>();

  useEffect(() => {
    const { share, index, file, kind } = viewed;
    const isHere = file.have >= file.size;
    const url = mediaUrl(share, index, nameOf(file));
    if (url !== undefined && (!isHere || kind === "pdf")) {
      setSource({ type: "url", url });
      return;
    }
    let made: string | undefined;
    let isGone = false;
    commands.blob(share, index).then(
      (found) => {
        if (isGone) return;
        if (found === undefined) return setSource({ type: "failed" });
        // Without the type that whoever made the file chose: the element that shows it decides what it is.
        const blob = new Blob([found]);
        made = URL.createObjectURL(blob);
        setSource({ type: "blob", blob, url: made });
      },
      () => setSource({ type: "failed" }),
    );
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [commands, mediaUrl, viewed]);

  return source;
}

export function nameOf(file: FileSnapshot): string {
  return file.path.at(-1) ?? "";
}
