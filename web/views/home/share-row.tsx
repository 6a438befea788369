import { memo } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useAppStore, useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { FileIcon } from "../parts/file-icon.tsx";
import { StateWord } from "../share/state-word.tsx";
import styles from "./share-row.module.css";

/** One share in the list: the whole row opens it. */
export const ShareRow = memo(function ShareRow({ share }: { readonly share: ShareView }) {
  const text = useText();
  const store = useAppStore();
  const name = share.name || text.home.unnamed;
  return (
    <li className={styles["row"]} data-testid="share" data-share-id={share.id} data-state={share.state}>
      <FileIcon name={name} isFolder={share.fileCount > 1} />
      <div className={styles["body"]}>
        <div className={styles["line"]}>
          <button type="button" className={styles["name"]} onClick={() => store.show(share.id)}>
            {name}
          </button>
          <StateWord share={share} />
        </div>
        <PieceStrip share={share} thin />
        <p className={styles["facts"]}>
          {share.size !== undefined && <span>{text.format.size(share.size)}</span>}
          {share.progress < 1 && share.size !== undefined && (
            <span>{text.format.percent(share.progress)}</span>
          )}
          {share.people.length > 0 && <span>{text.share.here(share.people.length)}</span>}
          <span data-testid="ratio">{text.share.ratio(share.ratio)}</span>
        </p>
      </div>
    </li>
  );
});
