import { useText } from "../app-context.tsx";
import { ComingBack } from "./coming-back.tsx";
import { DropField } from "./drop-field.tsx";
import styles from "./home.module.css";
import { LinkField } from "./link-field.tsx";
import { ShareList } from "./share-list.tsx";

export function Home() {
  const text = useText();
  return (
    <div className={styles.home}>
      <div className={styles.promise}>
        <h1 className={styles.title} tabIndex={-1}>
          {text.home.title}
        </h1>
        <p className={styles.subtitle}>{text.home.subtitle}</p>
      </div>
      <ComingBack />
      <DropField />
      <LinkField />
      <ShareList />
    </div>
  );
}
