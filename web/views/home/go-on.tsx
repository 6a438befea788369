import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { canGoOn } from "../share/can-go-on.ts";
import type { Text } from "../text/en.ts";
import styles from "./share-row.module.css";

/** How a share of an earlier visit goes on. */
export function HowItGoesOn({ share }: { readonly share: ShareView }) {
  const text = useText();
  return (
    <p className={styles.how} data-testid="restored">
      {howItGoesOn(share, text)}
    </p>
  );
}

/** One click; or, where the browser has lost the way to the files, the page on which they are chosen once more. */
export function GoOn({ share, name }: { readonly share: ShareView; readonly name: string }) {
  const text = useText();
  const store = useAppStore();
  const { commands } = useActions();
  const isReady = canGoOn(share);
  const words = isReady ? wordsToGoOn(share, text) : text.back.chooseAgain;
  return (
    <Button
      className={styles.goOn}
      data-testid={isReady ? "go-on" : undefined}
      aria-label={text.back.goOnWith(words, name)}
      onClick={() => (isReady ? commands.resume(share.id) : store.show(share.id))}
    >
      {words}
    </Button>
  );
}

function wordsToGoOn(share: ShareView, text: Text): string {
  return share.role === "sender" || share.progress === 1 ? text.share.restart : text.receiving.continue;
}

function howItGoesOn(share: ShareView, { back }: Text): string {
  if (share.problem?.code === "read-refused") return back.refused;
  if (share.role === "sender") return canGoOn(share) ? back.oneClick : back.dropAgain;
  return share.progress === 1 ? back.isHere : back.cameTo(share.progress, share.wantedSize);
}
