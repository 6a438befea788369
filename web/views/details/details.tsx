import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { PieceMap } from "../graphics/piece-map.tsx";
import { RateChart } from "../graphics/rate-chart.tsx";
import { Icon } from "../parts/icon.tsx";
import styles from "./details.module.css";
import { DroppedPeers } from "./dropped-peers.tsx";
import { Identifiers } from "./identifiers.tsx";
import { PeerTable } from "./peer-table.tsx";
import { Totals } from "./totals.tsx";
import { TrackerTable } from "./tracker-table.tsx";

/** Everything for those who know what a swarm is, behind one click. */
export function Details({ share }: { readonly share: ShareView }) {
  const text = useText();
  return (
    <details className={styles.details} data-testid="details">
      <summary className={styles.summary}>
        <Icon of={ChevronRight} mirrors className={styles.arrow} />
        {text.details.title}
      </summary>
      <div className={styles.parts}>
        <Part title={text.details.totals}>
          <Totals share={share} />
        </Part>
        <Part title={text.details.rates}>
          <RateChart id={share.id} />
        </Part>
        <Part title={text.details.pieceMap}>
          <PieceMap pieces={share.pieceMap} />
        </Part>
        <Part title={text.details.peers}>
          <PeerTable share={share} />
        </Part>
        {share.dropped.length > 0 && (
          <Part title={text.details.dropped}>
            <DroppedPeers share={share} />
          </Part>
        )}
        <Part title={text.details.trackers}>
          <TrackerTable share={share} />
        </Part>
        <Part title={text.details.identifiers}>
          <Identifiers share={share} />
        </Part>
      </div>
    </details>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  );
}
