import { ChevronRight } from "lucide-react";
import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { later } from "../later.tsx";
import { Icon } from "../parts/icon.tsx";
import styles from "./details.module.css";

const DetailsParts = later(
  () => import("./details-parts.tsx"),
  (module) => module.DetailsParts,
);

/**
 * Everything for those who know what a swarm is, behind one click. It is drawn only while it is seen: tables, chart
 * and map of a running transfer take more time than the rest of its page.
 */
export function Details({ share }: { readonly share: ShareView }) {
  const text = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className={styles.details}
      data-testid="details"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className={styles.summary}>
        <Icon of={ChevronRight} mirrors className={styles.arrow} />
        {text.details.title}
      </summary>
      {isOpen && <DetailsParts share={share} />}
    </details>
  );
}
