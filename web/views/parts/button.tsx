import type { ComponentProps } from "react";
import styles from "./button.module.css";

export interface ButtonProps extends ComponentProps<"button"> {
  /** "primary" is what the screen is for: at most one of it is in view; "grave" deletes something. */
  readonly kind?: "primary" | "plain" | "quiet" | "grave";
  readonly size?: "normal" | "large";
}

export function Button({ kind = "plain", size = "normal", className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={[styles.button, className].filter(Boolean).join(" ")}
      data-kind={kind}
      data-size={size}
    />
  );
}
