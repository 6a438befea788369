import { type ReactNode, useEffect, useRef } from "react";
import styles from "./page-heading.module.css";

/** The heading of a screen. One that came a moment late takes the focus that its placeholder had. */
export function PageHeading({ id, children }: { readonly id?: string; readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} id={id} className={styles.heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
