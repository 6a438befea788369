import { Play } from "lucide-react";
import { useRef } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { HiddenInput } from "../dropping/hidden-input.tsx";
import { useShareFiles } from "../dropping/use-share-files.ts";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Button } from "../parts/button.tsx";
import { Facts } from "../parts/facts.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { canGoOn } from "./can-go-on.ts";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";

/** Shared before the tab was closed: one click, or the same files once more. */
export function Resting({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const { shareFiles, choose } = useShareFiles();
  // A share of several may be a folder or loose files: the page does not know, so both ways stand open.
  const isSeveral = share.fileCount > 1;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const canReopen = canGoOn(share);
  const mustChoose = !canReopen || share.problem?.code === "read-refused";
  return (
    <Panel>
      <PieceStrip share={share} />
      <div className={styles.foot}>
        <div className={styles.buttons}>
          {canReopen && (
            <Button
              kind={mustChoose ? "plain" : "primary"}
              data-testid="resume"
              onClick={() => commands.resume(share.id)}
            >
              <Icon of={Play} />
              {text.share.restart}
            </Button>
          )}
          {mustChoose && (
            <>
              <Button kind={isSeveral ? "plain" : "primary"} onClick={() => choose("files", files.current)}>
                {text.home.chooseFiles}
              </Button>
              <Button kind={isSeveral ? "primary" : "plain"} onClick={() => choose("folder", folder.current)}>
                {text.home.chooseFolder}
              </Button>
            </>
          )}
          <StopButton share={share} />
        </div>
        <div className={styles.line}>
          <Facts>
            {text.sending.youSent(share.uploaded)}
            <span data-testid="ratio">{text.share.ratio(share.ratio)}</span>
          </Facts>
        </div>
      </div>
      <HiddenInput input={files} of="files" onChosen={shareFiles} />
      <HiddenInput input={folder} of="folder" onChosen={shareFiles} />
    </Panel>
  );
}
