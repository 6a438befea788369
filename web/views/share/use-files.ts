import { useEffect, useState } from "react";
import type { FileSnapshot } from "../../store/session.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions } from "../app-context.tsx";

/** The list of files, fetched again when the share says that it changed; undefined until it is here. */
export function useFiles(share: ShareView): readonly FileSnapshot[] | undefined {
  const { commands } = useActions();
  const { id, filesVersion } = share;
  const [files, setFiles] = useState<readonly FileSnapshot[]>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when to fetch again.
  useEffect(() => {
    let isGone = false;
    commands.files(id).then(
      (fetched) => {
        if (!isGone) setFiles(fetched);
      },
      // The share is gone; its page goes with it.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [commands, id, filesVersion]);

  return files;
}
