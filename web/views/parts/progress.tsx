import { Progress as Base } from "@base-ui/react/progress";
import styles from "./progress.module.css";

interface ProgressProps {
  readonly label: string;
  /** The same in words, as it is read aloud. */
  readonly words: string;
  /** 0 … 1; undefined while it cannot be told. */
  readonly fraction: number | undefined;
  readonly tone?: "good" | "warning";
}

/** How far something has come, or how full it is: a name, words, and a bar under both. */
export function Progress({ label, words, fraction, tone = "good" }: ProgressProps) {
  return (
    <Base.Root
      className={styles.progress}
      value={fraction === undefined ? null : Math.round(fraction * 100)}
      getAriaValueText={() => words}
      data-tone={tone}
    >
      <Base.Label className={styles.label}>{label}</Base.Label>
      <span className={styles.words}>{words}</span>
      <Base.Track className={styles.track}>
        <Base.Indicator className={styles.fill} />
      </Base.Track>
    </Base.Root>
  );
}
