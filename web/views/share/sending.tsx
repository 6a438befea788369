import { peopleWaiting } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { givenFraction } from "../graphics/cells.ts";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Facts } from "../parts/facts.tsx";
import { Panel } from "../parts/panel.tsx";
import { Advice } from "./advice.tsx";
import { LinkCard } from "./link-card.tsx";
import { OptionsButton } from "./options-button.tsx";
import { Resting } from "./resting.tsx";
import { StopButton } from "./stop-button.tsx";
import { Stopped } from "./stopped.tsx";
import styles from "./transfer.module.css";

/** What the sender sees: the link first, then how it goes. */
export function Sending({ share }: { readonly share: ShareView }) {
  const text = useText();
  if (share.stage === "stopped") return <Stopped share={share} />;
  if (share.restored) return <RestingShare share={share} />;
  const isHashing = share.stage === "fingerprinting";
  return (
    <>
      {share.link !== "" && share.stage !== "failed" && <LinkCard share={share} />}
      <Panel>
        {isHashing && (
          <div className={styles.head}>
            <p className={styles.figure}>{text.format.percent(share.progress)}</p>
            <p className={styles.line}>{text.state(share.stage, 0)}</p>
          </div>
        )}
        <PieceStrip share={share} />
        <div className={styles.foot}>
          <div className={styles.line}>
            {isHashing ? (
              text.link.soon
            ) : (
              <Facts>
                {share.people.length > 0 && text.share.strip.given(givenFraction(share.pieceMap))}
                {text.sending.youSent(share.uploaded)}
                {share.othersSent > 0 && text.sending.othersSent(share.othersSent)}
                <span data-testid="ratio">{text.share.ratio(share.ratio)}</span>
              </Facts>
            )}
          </div>
          {share.stage !== "failed" && (
            <div className={styles.buttons}>
              <OptionsButton share={share} />
              <StopButton share={share} />
            </div>
          )}
        </div>
      </Panel>
      {share.stage === "sharing" && share.problem === undefined && <SenderAdvice share={share} />}
    </>
  );
}

function RestingShare({ share }: { readonly share: ShareView }) {
  return (
    <>
      <LinkCard share={share} />
      <Resting share={share} />
    </>
  );
}

/** Whether the tab may be closed. */
function SenderAdvice({ share }: { readonly share: ShareView }) {
  const text = useText();
  if (share.people.length === 0) return null;
  if (peopleWaiting(share) === 0)
    return <Advice isGood>{text.sending.everyoneHas(share.people.length)}</Advice>;
  if (share.availableWithoutUs) return <Advice isGood>{text.sending.mayClose}</Advice>;
  return <Advice>{text.sending.keepOpen}</Advice>;
}
