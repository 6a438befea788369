import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import styles from "./peer-table.module.css";

/** Where this share is announced, and what came of it. */
export function TrackerTable({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { format, details } = text;
  const { columns, states, unusable } = details.tracker;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard.
    <section className={styles.scroll} aria-label={details.trackers} tabIndex={0}>
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
          {share.trackers.map((tracker) => (
            <tr key={tracker.url} data-testid="tracker-row" data-state={tracker.state}>
              <th scope="row">{tracker.url}</th>
              <td>{states[tracker.state]}</td>
              <td>{tracker.peers === undefined ? "–" : format.count(tracker.peers)}</td>
              <td>{tracker.unusable === undefined ? tracker.reason : unusable[tracker.unusable]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
