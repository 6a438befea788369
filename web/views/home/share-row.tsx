import { memo } from "react";
import { isLeft } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useAppStore, useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Facts } from "../parts/facts.tsx";
import { FileIcon } from "../parts/file-icon.tsx";
import { ratioWords } from "../share/ratio-words.ts";
import { StateWord } from "../share/state-word.tsx";
import { nameOf } from "../share-name.ts";
import { GoOn, HowItGoesOn } from "./go-on.tsx";
import styles from "./share-row.module.css";

/** One share in the list: the whole row opens it. */
export const ShareRow = memo(function ShareRow({ share }: { readonly share: ShareView }) {
  const text = useText();
  const store = useAppStore();
  const name = nameOf(share.name, text);
  const waits = isLeft(share);
  return (
    <li className={styles.row} data-testid="share" data-share-id={share.id} data-state={share.state}>
      <FileIcon name={name} isFolder={share.fileCount > 1} />
      <div className={styles.body}>
        <div className={styles.line}>
          <button type="button" className={styles.name} onClick={() => store.show(share.id)}>
            <bdi>{name}</bdi>
          </button>
          {!waits && <StateWord share={share} />}
        </div>
        <PieceStrip share={share} thin />
        <div className={styles.facts}>
          {waits ? <HowItGoesOn share={share} /> : <FactsOf share={share} />}
        </div>
      </div>
      {waits && <GoOn share={share} name={name} />}
    </li>
  );
});

function FactsOf({ share }: { readonly share: ShareView }) {
  const text = useText();
  return (
    <Facts>
      {share.size !== undefined && text.format.size(share.size)}
      {share.progress < 1 && share.size !== undefined && text.format.percent(share.progress)}
      {share.people.length > 0 && text.share.here(share.people.length)}
      {hasBegun(share) && <span data-testid="ratio">{ratioWords(share, text)}</span>}
    </Facts>
  );
}

/** Before that there is nothing that a ratio could be of. */
function hasBegun(share: ShareView): boolean {
  return share.uploaded > 0 || share.downloaded > 0 || share.stage === "sharing";
}
