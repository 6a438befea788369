import { memo } from "react";
import type { Person, ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import styles from "./peer-table.module.css";
import { WideTable } from "./wide-table.tsx";

/** Every peer with all that the protocol knows of it. */
export function PeerTable({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { columns } = text.details;
  if (share.people.length === 0) return <p className={styles.none}>{text.details.noPeers}</p>;
  return (
    <WideTable label={text.details.peers} columns={columns}>
      {share.people.map((person) => (
        <PeerRow key={person.id} person={person} />
      ))}
    </WideTable>
  );
}

const PeerRow = memo(function PeerRow({ person }: { readonly person: Person }) {
  const text = useText();
  const { format, details } = text;
  return (
    <tr data-testid="peer-row" data-peer-id={person.id}>
      <th scope="row" title={person.id}>
        <span
          className={styles.dot}
          style={{ background: `var(--person-${person.nickname.colour})` }}
          aria-hidden="true"
        />
        {text.person.name(person.nickname)}
      </th>
      <td>{person.client || details.unknownClient}</td>
      <td>{details.routes[person.route]}</td>
      <td>{format.percent(person.progress)}</td>
      <td>
        {format.size(person.downloaded)}
        {person.downloadRate > 0 && <span className={styles.rate}>{format.rate(person.downloadRate)}</span>}
      </td>
      <td>
        {format.size(person.uploaded)}
        {person.uploadRate > 0 && <span className={styles.rate}>{format.rate(person.uploadRate)}</span>}
      </td>
      <td>{details.choking(person.amChoking, person.peerChoking)}</td>
      <td>{details.interested(person.amInterested, person.peerInterested)}</td>
      <td>{person.downloaded > 0 ? format.ratio(person.uploaded / person.downloaded) : "–"}</td>
    </tr>
  );
});
