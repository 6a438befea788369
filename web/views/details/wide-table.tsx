import type { ReactNode } from "react";
import styles from "./peer-table.module.css";

interface WideTableProps {
  readonly label: string;
  /** Names of the columns, in their order. */
  readonly columns: Readonly<Record<string, string>>;
  /** The rows. */
  readonly children: ReactNode;
}

/** A table that scrolls in itself where it is wider than the screen. */
export function WideTable({ label, columns, children }: WideTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard.
    <section className={styles.scroll} aria-label={label} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            {Object.entries(columns).map(([key, name]) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
