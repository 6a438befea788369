import type { ReactNode } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { PieceMap } from "../graphics/piece-map.tsx";
import { RateChart } from "../graphics/rate-chart.tsx";
import { Tabs } from "../parts/tabs.tsx";
import styles from "./details.module.css";
import { DroppedPeers } from "./dropped-peers.tsx";
import { Identifiers } from "./identifiers.tsx";
import { PeerTable } from "./peer-table.tsx";
import { Totals } from "./totals.tsx";
import { TrackerTable } from "./tracker-table.tsx";
import { WebSeedTable } from "./web-seed-table.tsx";

/** Everything for those who know what a swarm is. */
export function DetailsParts({ share }: { readonly share: ShareView }) {
  const text = useText();
  return (
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
        <Peers share={share} />
      </Part>
      <Part title={text.details.trackers}>
        <TrackerTable share={share} />
      </Part>
      {share.webSeeds.length > 0 && (
        <Part title={text.details.webSeeds}>
          <WebSeedTable share={share} />
        </Part>
      )}
      <Part title={text.details.identifiers}>
        <Identifiers share={share} />
      </Part>
    </div>
  );
}

/** Those who are here, and those who were sent away. */
function Peers({ share }: { readonly share: ShareView }) {
  const { details, format } = useText();
  const { people, dropped } = share;
  if (dropped.length === 0) return <PeerTable share={share} />;
  const connected = `${details.connected} (${format.count(people.length)})`;
  const sentAway = `${details.dropped} (${format.count(dropped.length)})`;
  return (
    <Tabs
      label={details.peers}
      tabs={[
        { id: "connected", title: connected, content: <PeerTable share={share} /> },
        { id: "dropped", title: sentAway, content: <DroppedPeers share={share} /> },
      ]}
    />
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
