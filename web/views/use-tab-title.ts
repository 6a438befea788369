import { useEffect } from "react";
import { shownShare, titleProgress } from "../store/selectors.ts";
import { useApp, useText } from "./app-context.tsx";
import { nameOf } from "./share-name.ts";

/** The tab's title carries the progress, for it is all that is seen of a tab in the background. */
export function useTabTitle(): void {
  const text = useText();
  const title = useApp((state) => {
    const busy = titleProgress(state);
    if (busy !== undefined) return text.title.progress(busy.progress, nameOf(busy.name, text));
    const name = shownShare(state)?.name;
    return name ? text.title.share(nameOf(name, text)) : text.title.home;
  });
  useEffect(() => {
    document.title = title;
  }, [title]);
}
