import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import styles from "./peer-table.module.css";

/** Servers that have the files of this share, and what came of each. */
export function WebSeedTable({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { format, details } = text;
  const { columns, states, reasons } = details.webSeed;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard.
    <section className={styles.scroll} aria-label={details.webSeeds} tabIndex={0}>
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
        <tbody>
          {share.webSeeds.map((seed) => (
            <tr key={seed.url} data-testid="web-seed-row" data-state={seed.state}>
              <th scope="row">{seed.url}</th>
              <td>{states[seed.state]}</td>
              <td>{format.size(seed.downloaded)}</td>
              <td>{seed.reason && reasons[seed.reason]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
