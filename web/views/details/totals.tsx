import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { tally } from "../graphics/cells.ts";
import styles from "./totals.module.css";

export function Totals({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { format, details } = text;
  const figures = [
    [details.uploaded, format.size(share.uploaded)],
    [details.downloaded, format.size(share.downloaded)],
    [details.wasted, format.size(share.wasted)],
    [details.ratio, format.ratio(share.ratio)],
    [details.pieces, details.piecesOf(tally(share.pieceMap.cells).have, share.pieceCount, share.pieceLength)],
  ] as const;
  return (
    <dl className={styles.totals}>
      {figures.map(([name, figure]) => (
        <div key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.figure}>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}
