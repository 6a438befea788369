import { useText } from "../app-context.tsx";
import { ComingBack } from "./coming-back.tsx";
import { DropField } from "./drop-field.tsx";
import styles from "./home.module.css";
import { LinkField } from "./link-field.tsx";
import { useCameBack } from "./use-came-back.ts";
import { YourShares } from "./your-shares.tsx";

export function Home() {
  const text = useText();
  const { cameBack, others } = useCameBack();
  return (
    <div className={styles.home}>
      <div className={styles.promise}>
        <h1 className={styles.title} tabIndex={-1}>
          {text.home.title}
        </h1>
        <p className={styles.subtitle}>{text.home.subtitle}</p>
      </div>
      <ComingBack shares={cameBack} />
      <DropField />
      <LinkField />
      <YourShares shares={others} />
    </div>
  );
}
