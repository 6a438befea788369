import { Pause, Play } from "lucide-react";
import { peopleSending } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Button } from "../parts/button.tsx";
import { Facts } from "../parts/facts.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { ViewButton } from "../playing/view-button.tsx";
import { NotifyButton } from "./notify-button.tsx";
import { OptionsButton } from "./options-button.tsx";
import { ratioWords } from "./ratio-words.ts";
import { stateOf } from "./state-word.tsx";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";
import { useFiles } from "./use-files.ts";

/** On its way, paused, or waiting for someone to come back. */
export function Downloading({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const isPaused = share.stage === "paused";
  const isRunning = share.stage === "downloading";
  const files = useFiles(share);
  const only = share.fileCount === 1 ? files?.[0] : undefined;

  return (
    <Panel>
      <div className={styles.head}>
        <p className={styles.figure}>{text.format.percent(share.progress)}</p>
        <div className={styles.line}>
          {isRunning ? (
            <Facts>
              {text.receiving.rateFrom(share.downloadRate, peopleSending(share))}
              {share.etaSeconds !== undefined && text.receiving.left(share.etaSeconds)}
            </Facts>
          ) : (
            share.stage !== "failed" && stateOf(share, text)
          )}
        </div>
      </div>
      <PieceStrip share={share} />
      <div className={styles.foot}>
        <div className={styles.line}>
          <Facts>
            {text.receiving.arrived(Math.min(share.have, share.wantedSize), share.wantedSize)}
            <span data-testid="ratio">{ratioWords(share, text)}</span>
          </Facts>
        </div>
        {share.stage !== "failed" && (
          <div className={styles.buttons}>
            {only !== undefined && <ViewButton share={share.id} index={0} file={only} />}
            {isPaused ? (
              <Button kind="primary" data-testid="resume" onClick={() => commands.resume(share.id)}>
                <Icon of={Play} />
                {text.share.resume}
              </Button>
            ) : (
              <Button data-testid="pause" onClick={() => commands.pause(share.id)}>
                <Icon of={Pause} />
                {text.share.pause}
              </Button>
            )}
            <NotifyButton share={share} />
            <OptionsButton share={share} />
            <StopButton share={share} />
          </div>
        )}
      </div>
    </Panel>
  );
}
