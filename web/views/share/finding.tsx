import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Panel } from "../parts/panel.tsx";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";

/** A link was opened and nothing is known of what is behind it yet. */
export function Finding({ share }: { readonly share: ShareView }) {
  const text = useText();
  return (
    <Panel>
      <PieceStrip share={share} />
      <div className={styles.foot}>
        <p className={styles.line}>{text.receiving.findingHint}</p>
        <StopButton share={share} />
      </div>
    </Panel>
  );
}
