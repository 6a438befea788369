import { Check, Info } from "lucide-react";
import type { ReactNode } from "react";
import { Icon } from "../parts/icon.tsx";
import styles from "./advice.module.css";

/** One sentence on what to do with the tab now. */
export function Advice({
  isGood = false,
  children,
}: {
  readonly isGood?: boolean;
  readonly children: ReactNode;
}) {
  const drawing = isGood ? Check : Info;
  return (
    <p className={styles.advice} data-good={isGood} data-testid="advice">
      <Icon of={drawing} className={styles.icon} />
      {children}
    </p>
  );
}
