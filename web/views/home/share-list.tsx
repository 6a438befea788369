import { useApp, useText } from "../app-context.tsx";
import styles from "./share-list.module.css";
import { ShareRow } from "./share-row.tsx";

/** Newest first. */
export function ShareList() {
  const text = useText();
  const shares = useApp((state) => state.shares);
  const given = useApp((state) => state.lifetime.uploaded);
  const received = useApp((state) => state.lifetime.downloaded);
  if (shares.length === 0) return null;
  return (
    <section className={styles.section} aria-labelledby="shares-title">
      <div className={styles.head}>
        <h2 id="shares-title" className={styles.title}>
          {text.home.yourShares}
        </h2>
        {given + received > 0 && <p className={styles.lifetime}>{text.home.lifetime(given, received)}</p>}
      </div>
      <ul className={styles.list}>
        {shares.map((share) => (
          <ShareRow key={share.id} share={share} />
        ))}
      </ul>
    </section>
  );
}
