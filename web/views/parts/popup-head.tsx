import { X } from "lucide-react";
import type { ComponentType, ReactElement, ReactNode } from "react";
import { useText } from "../app-context.tsx";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import styles from "./popup-head.module.css";

interface PopupHeadProps {
  readonly title: string;
  /** Parts of whatever it is the head of, which is named by the one and closed by the other. */
  readonly Title: ComponentType<{ className?: string | undefined; children?: ReactNode }>;
  readonly Close: ComponentType<{ render?: ReactElement; "aria-label"?: string; children?: ReactNode }>;
}

export function PopupHead({ title, Title, Close }: PopupHeadProps) {
  const text = useText();
  return (
    <div className={styles.head}>
      <Title className={styles.title}>{title}</Title>
      <Close render={<Button kind="quiet" className={styles.close} />} aria-label={text.share.dismiss}>
        <Icon of={X} size="large" />
      </Close>
    </div>
  );
}
