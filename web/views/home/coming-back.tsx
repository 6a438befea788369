import { restoredShares } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useApp, useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { FileIcon } from "../parts/file-icon.tsx";
import { nameOf } from "../share-name.ts";
import styles from "./coming-back.module.css";

/** What was going on when the tab was closed, and how each of it goes on. */
export function ComingBack() {
  const text = useText();
  const shares = useApp((state) => state.shares);
  const { commands } = useActions();
  const restored = restoredShares(shares);
  const [only] = restored;
  if (only === undefined) return null;
  const ready = restored.filter(canGoOn);
  const sent = restored.filter((share) => share.role === "sender").length;

  return (
    <Card title={text.back.title(sent, restored.length - sent)}>
      <ul className={styles.list}>
        {restored.map((share) => (
          <RestoredRow key={share.id} share={share} />
        ))}
      </ul>
      {ready.length > 1 && (
        <div>
          <Button
            kind="primary"
            data-testid="go-on-all"
            onClick={() => {
              for (const share of ready) commands.resume(share.id);
            }}
          >
            {text.back.goOnAll(ready.length)}
          </Button>
        </div>
      )}
    </Card>
  );
}

function RestoredRow({ share }: { readonly share: ShareView }) {
  const text = useText();
  const store = useAppStore();
  const { commands } = useActions();
  const name = nameOf(share.name, text);
  const isWhole = share.role === "sender" || share.progress === 1;
  const goOn = isWhole ? text.share.restart : text.receiving.continue;
  return (
    <li className={styles.row} data-testid="restored" data-share-id={share.id}>
      <FileIcon name={name} isFolder={share.fileCount > 1} />
      <span className={styles.words}>
        <button type="button" className={styles.name} onClick={() => store.show(share.id)}>
          {name}
        </button>
        <span className={styles.how}>{howItGoesOn(share, text)}</span>
      </span>
      {canGoOn(share) && (
        <Button
          data-testid="go-on"
          aria-label={text.back.goOnWith(goOn, name)}
          onClick={() => commands.resume(share.id)}
        >
          {goOn}
        </Button>
      )}
    </li>
  );
}

function canGoOn({ problem }: ShareView): boolean {
  return problem?.code !== "files-needed" || problem.canReopen;
}

function howItGoesOn(share: ShareView, text: ReturnType<typeof useText>): string {
  if (share.problem?.code === "read-refused") return text.back.refused;
  if (share.role === "sender") return canGoOn(share) ? text.back.oneClick : text.back.dropAgain;
  return share.progress === 1 ? text.back.isHere : text.back.cameTo(share.progress);
}
