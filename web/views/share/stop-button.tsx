import { Toast } from "@base-ui/react/toast";
import { Square } from "lucide-react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";

/** Stops at once, and offers for some seconds to take it back. */
export function StopButton({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const { add, close } = Toast.useToastManager();
  const isUnfinished = share.role === "receiver" && share.progress < 1;
  const stop = () => {
    commands.stop(share.id);
    const toast = add({
      description: text.share.stopped,
      actionProps: {
        children: text.share.undo,
        onClick: () => {
          commands.restart(share.id);
          close(toast);
        },
      },
    });
  };
  return (
    <Button kind="quiet" data-testid="stop" onClick={stop}>
      <Square size={16} aria-hidden="true" />
      {isUnfinished ? text.share.stopDownload : text.share.stop}
    </Button>
  );
}
