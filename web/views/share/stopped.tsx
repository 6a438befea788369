import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Button } from "../parts/button.tsx";
import { Panel } from "../parts/panel.tsx";
import type { Notice, Text } from "../text/en.ts";
import { ratioWords } from "./ratio-words.ts";
import styles from "./transfer.module.css";
import { useForget } from "./use-forget.ts";

/** A share that was left: go on, or take it off the list. */
export function Stopped({ share }: { readonly share: ShareView }) {
  const text = useText();
  const forget = useForget();
  const { commands } = useActions();
  const isSender = share.role === "sender";
  const notice = whyStopped(share, text);
  return (
    <Panel>
      <div>
        <h2 className={styles.statement}>{notice.title}</h2>
        <p className={styles.line}>{notice.body}</p>
      </div>
      <PieceStrip share={share} />
      <div className={styles.foot}>
        <div className={styles.buttons}>
          <Button kind="primary" data-testid="restart" onClick={() => commands.restart(share.id)}>
            {isSender || share.progress === 1 ? text.share.restart : text.share.restartDownload}
          </Button>
          <Button kind="quiet" data-testid="forget" onClick={() => forget(share.id)}>
            {text.share.forget}
          </Button>
        </div>
        <p className={styles.line} data-testid="ratio">
          {ratioWords(share, text)}
        </p>
      </div>
    </Panel>
  );
}

function whyStopped({ stoppedBy, role }: ShareView, { share }: Text): Notice {
  if (stoppedBy === "ratio") return share.stoppedAtRatio;
  if (stoppedBy === "idle") return share.stoppedWhenIdle;
  return role === "sender" ? share.stoppedSender : share.stoppedReceiver;
}
