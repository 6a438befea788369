import { Fish } from "../graphics/fish.tsx";
import styles from "./drop-field.module.css";

/** [x, y, length, degrees] of each fish; the two halves of the shoal swim in opposite corners. */
const lowerLeft = [
  [70, 140, 64, -14],
  [150, 196, 48, -10],
  [156, 84, 42, -18],
  [46, 226, 38, -8],
  [236, 146, 34, -14],
  [236, 232, 40, -8],
  [92, 46, 30, -20],
  [24, 78, 24, -16],
  [196, 30, 22, -22],
  [318, 218, 26, -6],
] as const;

const upperRight = [
  [240, 112, 72, -14],
  [152, 76, 46, -18],
  [300, 190, 44, -12],
  [172, 168, 36, -14],
  [318, 64, 40, -18],
  [246, 28, 34, -20],
  [104, 126, 26, -16],
  [246, 248, 30, -10],
  [84, 40, 24, -22],
  [328, 268, 24, -8],
  [24, 22, 20, -24],
  [160, 238, 20, -10],
] as const;

/** Decoration. */
export function DropFieldFish() {
  return (
    <>
      <Corner fish={lowerLeft} place="lowerLeft" />
      <Corner fish={upperRight} place="upperRight" />
    </>
  );
}

interface CornerProps {
  readonly fish: typeof lowerLeft | typeof upperRight;
  readonly place: "lowerLeft" | "upperRight";
}

function Corner({ fish, place }: CornerProps) {
  return (
    <svg viewBox="0 0 350 290" className={styles.fish} data-place={place} aria-hidden="true">
      {fish.map(([x, y, size, angle]) => (
        <Fish key={`${x} ${y}`} x={x} y={y} size={size} angle={angle} />
      ))}
    </svg>
  );
}
