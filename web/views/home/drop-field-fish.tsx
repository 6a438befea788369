import { Fish } from "../graphics/fish.tsx";
import styles from "./drop-field.module.css";

/** The shoal around the drop field's middle, all on their way to the upper right; [x, y, length, degrees]. */
const shoal = [
  [70, 300, 64, -14],
  [150, 352, 48, -10],
  [156, 244, 42, -18],
  [38, 392, 38, -8],
  [236, 306, 34, -14],
  [250, 386, 40, -8],
  [92, 204, 30, -20],
  [24, 236, 24, -16],
  [196, 190, 22, -22],
  [328, 424, 30, -6],
  [880, 132, 72, -14],
  [792, 96, 46, -18],
  [940, 210, 44, -12],
  [812, 188, 36, -14],
  [964, 84, 40, -18],
  [886, 48, 34, -20],
  [744, 146, 26, -16],
  [886, 268, 30, -10],
  [724, 60, 24, -22],
  [968, 298, 24, -8],
  [646, 40, 20, -24],
  [800, 258, 20, -10],
] as const;

/** Decoration: seen where there is room beside the words. */
export function DropFieldFish() {
  return (
    <svg
      viewBox="0 0 1000 460"
      preserveAspectRatio="xMidYMid slice"
      className={styles["fish"]}
      aria-hidden="true"
    >
      {shoal.map(([x, y, size, angle]) => (
        <Fish key={`${x} ${y}`} x={x} y={y} size={size} angle={angle} />
      ))}
    </svg>
  );
}
