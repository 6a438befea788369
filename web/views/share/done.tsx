import { Download } from "lucide-react";
import { peopleWaiting } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { ViewButton } from "../playing/view-button.tsx";
import { Advice } from "./advice.tsx";
import { OptionsButton } from "./options-button.tsx";
import { SaveWords } from "./save-words.tsx";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";
import { useFiles } from "./use-files.ts";
import { useSave } from "./use-save.ts";

/** Everything that was wanted is here. */
export function Done({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { canPickFolder, commands } = useActions();
  const { saveOne, saveAll, state } = useSave(share);
  const files = useFiles(share);
  const only = share.fileCount === 1 ? files?.[0] : undefined;
  return (
    <>
      <Panel>
        <h2 className={styles.statement}>
          {share.have < (share.size ?? 0) ? text.receiving.doneChosen : text.receiving.done(share.fileCount)}
        </h2>
        <PieceStrip share={share} />
        <div className={styles.foot}>
          <Button
            kind="primary"
            size="large"
            data-testid="save"
            disabled={state?.type === "saving" || files === undefined}
            onClick={() => (only === undefined ? saveAll(false) : saveOne(0, only.path.at(-1) ?? share.name))}
          >
            <Icon of={Download} size="large" />
            {share.fileCount === 1 ? text.receiving.save : text.receiving.saveAll}
          </Button>
          {share.fileCount > 1 && canPickFolder() && (
            <Button
              size="large"
              data-testid="save-zip"
              disabled={state?.type === "saving"}
              onClick={() => saveAll(true)}
            >
              {text.receiving.saveZip}
            </Button>
          )}
          {only !== undefined && <ViewButton share={share.id} index={0} file={only} />}
          <SaveWords state={state} />
          <div className={styles.buttons}>
            <span className={styles.line} data-testid="ratio">
              {share.uploaded > 0 ? text.receiving.gaveBack(share.ratio) : text.share.nothingGiven}
            </span>
            {share.restored && (
              <Button data-testid="resume" onClick={() => commands.resume(share.id)}>
                {text.receiving.helpOthers}
              </Button>
            )}
            <OptionsButton share={share} />
            <StopButton share={share} />
          </div>
        </div>
      </Panel>
      {!share.restored && !share.availableWithoutUs && (
        <Advice>{text.receiving.keepOpen(peopleWaiting(share))}</Advice>
      )}
    </>
  );
}
