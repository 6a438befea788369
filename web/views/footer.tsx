import { useApp, useText } from "./app-context.tsx";
import styles from "./footer.module.css";

/** One quiet line that tells the truth about the connection. */
export function Footer() {
  const text = useText();
  const tracker = useApp((state) => state.tracker);
  return (
    <footer className={styles.footer}>
      <p className={styles.connection} data-testid="connection" data-state={tracker} aria-live="polite">
        <span className={styles.dot} data-state={tracker} aria-hidden="true" />
        {text.connection[tracker]}
      </p>
    </footer>
  );
}
