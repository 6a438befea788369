import type { ReactNode } from "react";
import styles from "./card.module.css";

/** What belongs together on a screen, without a title of its own. */
export function Panel({ children }: { readonly children: ReactNode }) {
  return <div className={styles.card}>{children}</div>;
}
