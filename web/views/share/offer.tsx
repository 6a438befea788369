import { Download, Eye, HardDrive, Users } from "lucide-react";
import { useEffect, useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { PieceStrip } from "../graphics/piece-strip.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import styles from "./transfer.module.css";

/** Before anything is downloaded: what it is, whether it is all there, where it will go. One button. */
export function Offer({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const store = useAppStore();
  const free = useRoom();
  const room = share.capacity ?? free;
  const isContinued = share.have > 0;
  // Who has what is in the list from an earlier time is found out when the person goes on.
  const isLookedFor = !share.restored || share.copies + share.parts > 0;
  const isNothingChosen = share.wantedSize === 0 && (share.size ?? 0) > 0;
  const needed = Math.max(0, share.wantedSize - share.have);
  const isTight = room !== undefined && room < needed;
  const label = isContinued ? text.receiving.continue : text.receiving.download;

  return (
    <Panel>
      <div className={styles.notes}>
        {isLookedFor && (
          <p
            className={styles.note}
            data-tone={share.available ? "good" : "warning"}
            data-testid="availability"
          >
            <Icon of={Users} />
            {text.receiving.availability(share.copies, share.parts, share.available)}
          </p>
        )}
        <p className={styles.note} data-tone={isTight ? "warning" : "good"}>
          <Icon of={HardDrive} />
          <span>
            {text.receiving.storage[share.storage]}
            {room !== undefined && ` ${text.receiving.room(needed, room)}`}
          </span>
        </p>
        <p className={styles.note}>
          <Icon of={Eye} />
          {text.receiving.visible}
        </p>
      </div>
      <PieceStrip share={share} />
      <div className={styles.buttons}>
        <Button
          kind="primary"
          size="large"
          data-testid="download"
          disabled={isNothingChosen}
          onClick={() => commands.download(share.id)}
        >
          <Icon of={Download} size="large" />
          {isNothingChosen ? text.receiving.nothingChosen : label}
        </Button>
        <Button
          kind="quiet"
          data-testid="stop"
          onClick={() => {
            commands.stop(share.id);
            store.show(undefined);
          }}
        >
          {text.receiving.notNow}
        </Button>
      </div>
    </Panel>
  );
}

/** Bytes that this browser would still store; undefined until it has told. */
function useRoom(): number | undefined {
  const { room } = useActions();
  const [bytes, setBytes] = useState<number>();
  useEffect(() => {
    let isGone = false;
    room().then(
      (free) => {
        if (!isGone) setBytes(free);
      },
      // A browser that does not tell gets no sentence about room.
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [room]);
  return bytes;
}
