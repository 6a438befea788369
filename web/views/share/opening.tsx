import { useText } from "../app-context.tsx";
import styles from "./share-page.module.css";

/** Until the page of a share is here, and what stands on it. */
export function Opening() {
  const text = useText();
  return (
    <article className={styles.page} aria-busy="true">
      <h1 className={styles.title} tabIndex={-1}>
        {text.share.getting}
      </h1>
    </article>
  );
}
