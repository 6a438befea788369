import { nicknameOf } from "../../store/nickname.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import styles from "./dropped-peers.module.css";

/** Peers that were sent away, the last ones first, each with the reason. */
export function DroppedPeers({ share }: { readonly share: ShareView }) {
  const text = useText();
  const rows = share.dropped.map(({ peer, reason }, i) => ({ key: `${i} ${peer}`, peer, reason })).reverse();
  return (
    <ul className={styles.list}>
      {rows.map(({ key, peer, reason }) => (
        <li key={key} title={peer}>
          {text.details.droppedFor(text.person.name(nicknameOf(peer)), reason)}
        </li>
      ))}
    </ul>
  );
}
