import { Children, type ReactNode } from "react";
import styles from "./facts.module.css";

/** Short facts one after the other with a dot between each two, but none where a line begins. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <p className={styles.facts}>
      {Children.map(children, (fact) =>
        fact === null || fact === undefined || fact === false ? null : (
          <span className={styles.fact}>{fact}</span>
        ),
      )}
    </p>
  );
}
