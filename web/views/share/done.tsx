import { Download } from "lucide-react";
import { peopleWaiting } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Advice } from "./advice.tsx";
import { OptionsButton } from "./options-button.tsx";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";
import { useSave } from "./use-save.ts";

/** Everything that was wanted is here. */
export function Done({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { saveAll, state } = useSave(share);
  const isOne = share.fileCount === 1;
  return (
    <>
      <div className={styles.transfer}>
        <h2 className={styles.statement}>
          {share.have < (share.size ?? 0) ? text.receiving.doneChosen : text.receiving.done(share.fileCount)}
        </h2>
        <PieceStrip share={share} />
        <div className={styles.foot}>
          <Button
            kind="primary"
            size="large"
            data-testid="save"
            disabled={state === "saving"}
            onClick={saveAll}
          >
            <Icon of={Download} size="large" />
            {isOne ? text.receiving.save : text.receiving.saveAll}
          </Button>
          <p className={styles.saving} role="status">
            {state !== undefined && text.receiving.saving[state]}
          </p>
          <div className={styles.buttons}>
            <span className={styles.line} data-testid="ratio">
              {share.uploaded > 0 ? text.receiving.gaveBack(share.ratio) : text.share.ratio(share.ratio)}
            </span>
            <OptionsButton share={share} />
            <StopButton share={share} />
          </div>
        </div>
      </div>
      {!share.availableWithoutUs && <Advice>{text.receiving.keepOpen(peopleWaiting(share))}</Advice>}
    </>
  );
}
