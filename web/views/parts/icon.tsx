import type { LucideIcon } from "lucide-react";
import styles from "./icon.module.css";

interface IconProps {
  readonly of: LucideIcon;
  readonly size?: "small" | "normal" | "large";
  /** It points along the line of text, so that it turns around where that runs to the left. */
  readonly mirrors?: boolean;
  readonly className?: string | undefined;
}

/** A drawing beside words that say the same; nothing for a screen reader. */
export function Icon({ of: Drawing, size = "normal", mirrors = false, className }: IconProps) {
  return (
    <Drawing
      aria-hidden="true"
      className={[styles.icon, className].filter(Boolean).join(" ")}
      data-size={size}
      data-mirrors={mirrors}
    />
  );
}
