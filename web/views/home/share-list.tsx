import type { ReactNode } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { Card } from "../parts/card.tsx";
import styles from "./share-list.module.css";
import { ShareRow } from "./share-row.tsx";

interface ShareListProps {
  readonly title: string;
  readonly aside: ReactNode;
  readonly shares: readonly ShareView[];
}

export function ShareList({ title, aside, shares }: ShareListProps) {
  return (
    <Card title={title} aside={aside}>
      <ul className={styles.list}>
        {shares.map((share) => (
          <ShareRow key={share.id} share={share} />
        ))}
      </ul>
    </Card>
  );
}
