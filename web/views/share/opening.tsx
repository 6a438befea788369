import { useAppStore, useText } from "../app-context.tsx";
import { PageHead } from "../parts/page-head.tsx";
import styles from "./share-page.module.css";

/** Until the page of a share is here, and what stands on it. */
export function Opening() {
  const text = useText();
  const store = useAppStore();
  return (
    <article className={styles.page} aria-busy="true">
      <PageHead title={text.share.getting} back={text.home.back} onBack={() => store.show(undefined)} />
    </article>
  );
}
