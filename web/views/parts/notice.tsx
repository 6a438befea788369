import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Notice as NoticeText } from "../text/en.ts";
import { Icon } from "./icon.tsx";
import styles from "./notice.module.css";

interface NoticeProps {
  readonly notice: NoticeText;
  readonly tone: "calm" | "warning" | "error";
  /** Read aloud at once, for nothing goes on by itself. */
  readonly isUrgent?: boolean;
  /** What the person can do about it. */
  readonly children?: ReactNode;
}

const icons = { calm: Info, warning: TriangleAlert, error: CircleAlert } as const;

/** What is wrong, why, and what happens next. */
export function Notice({ notice, tone, isUrgent = false, children }: NoticeProps) {
  const drawing = icons[tone];
  return (
    <div
      className={styles.notice}
      data-tone={tone}
      data-testid="notice"
      role={isUrgent ? "alert" : undefined}
    >
      <Icon of={drawing} size="large" className={styles.icon} />
      <div className={styles.words}>
        <p className={styles.title}>{notice.title}</p>
        <p className={styles.body}>{notice.body}</p>
        {children !== undefined && children !== false && <div className={styles.ways}>{children}</div>}
      </div>
    </div>
  );
}
