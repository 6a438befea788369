import { useText } from "../app-context.tsx";
import { PageHeading } from "../parts/page-heading.tsx";
import styles from "./share-page.module.css";

/** Until the page of a share is here, and what stands on it. */
export function Opening() {
  const text = useText();
  return (
    <article className={styles.page} aria-busy="true">
      <PageHeading>{text.share.getting}</PageHeading>
    </article>
  );
}
