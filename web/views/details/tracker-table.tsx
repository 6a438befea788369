import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { WideTable } from "./wide-table.tsx";

/** Where this share is announced, and what came of it. */
export function TrackerTable({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { format, details } = text;
  const { columns, states, unusable } = details.tracker;
  return (
    <WideTable label={details.trackers} columns={columns}>
      {share.trackers.map((tracker) => (
        <tr key={tracker.url} data-testid="tracker-row" data-state={tracker.state}>
          <th scope="row">{tracker.url}</th>
          <td>{states[tracker.state]}</td>
          <td>{tracker.peers === undefined ? "–" : format.count(tracker.peers)}</td>
          <td>{tracker.unusable === undefined ? tracker.reason : unusable[tracker.unusable]}</td>
        </tr>
      ))}
    </WideTable>
  );
}
