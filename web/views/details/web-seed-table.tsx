import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { WideTable } from "./wide-table.tsx";

/** Servers that have the files of this share, and what came of each. */
export function WebSeedTable({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { format, details } = text;
  const { columns, states, reasons } = details.webSeed;
  return (
    <WideTable label={details.webSeeds} columns={columns}>
      {share.webSeeds.map((seed) => (
        <tr key={seed.url} data-testid="web-seed-row" data-state={seed.state}>
          <th scope="row">{seed.url}</th>
          <td>{states[seed.state]}</td>
          <td>{format.size(seed.downloaded)}</td>
          <td>{seed.reason && reasons[seed.reason]}</td>
        </tr>
      ))}
    </WideTable>
  );
}
