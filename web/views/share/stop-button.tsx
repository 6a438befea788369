import { Square } from "lucide-react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** Stops at once, and offers for some seconds to take it back. */
export function StopButton({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const store = useAppStore();
  const isUnfinished = share.role === "receiver" && share.progress < 1;
  const stop = () => {
    commands.stop(share.id);
    store.say(isUnfinished ? text.share.stoppedDownload : text.share.stopped, {
      label: text.share.undo,
      share: share.id,
      run: () => commands.restart(share.id),
    });
  };
  return (
    <Button kind="quiet" data-testid="stop" onClick={stop}>
      <Icon of={Square} size="small" />
      {isUnfinished ? text.share.stopDownload : text.share.stop}
    </Button>
  );
}
