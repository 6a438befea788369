import { Check, Info } from "lucide-react";
import type { ReactNode } from "react";
import styles from "./advice.module.css";

/** One sentence on what to do with the tab now. */
export function Advice({
  isGood = false,
  children,
}: {
  readonly isGood?: boolean;
  readonly children: ReactNode;
}) {
  const Icon = isGood ? Check : Info;
  return (
    <p className={styles.advice} data-good={isGood} data-testid="advice">
      <Icon size={18} aria-hidden="true" className={styles.icon} />
      {children}
    </p>
  );
}
