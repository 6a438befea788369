import { Fish } from "./fish.tsx";
import styles from "./logo.module.css";

/** Five fish that keep together, the one in front ahead of two pairs. */
export function Logo() {
  return (
    <svg viewBox="0 0 40 40" width="36" height="36" className={styles.logo} aria-hidden="true">
      <Fish size={17} x={27} y={20} />
      <Fish size={13} x={15.5} y={12} />
      <Fish size={13} x={15.5} y={28} />
      <Fish size={9} x={6.5} y={20} opacity={0.75} />
      <Fish size={9} x={28} y={8} opacity={0.75} />
      <Fish size={9} x={28} y={32} opacity={0.75} />
    </svg>
  );
}
