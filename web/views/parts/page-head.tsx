import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import styles from "./page-head.module.css";
import { PageHeading } from "./page-heading.tsx";

interface PageHeadProps {
  readonly id?: string;
  readonly title: string;
  /** Where the way back leads. */
  readonly back: string;
  readonly onBack: () => void;
  /** At the other end of the line with the way back. */
  readonly menu?: ReactNode;
  /** What is said of it in small beneath. */
  readonly children?: ReactNode;
}

/** The top of every screen but Home: the way back, and the heading. */
export function PageHead({ id, title, back, onBack, menu, children }: PageHeadProps) {
  return (
    <div className={styles.head}>
      <div className={styles.bar}>
        <Button kind="quiet" className={styles.back} onClick={onBack}>
          <Icon of={ArrowLeft} mirrors />
          {back}
        </Button>
        {menu}
      </div>
      <PageHeading {...(id !== undefined && { id })}>{title}</PageHeading>
      {children}
    </div>
  );
}
