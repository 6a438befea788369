import { Fish } from "../graphics/fish.tsx";
import styles from "./drop-field.module.css";

const WIDTH = 350;
const HEIGHT = 290;

interface Course {
  /** From where to where the school swims, by way of what. */
  readonly from: readonly [number, number];
  readonly by: readonly [number, number];
  readonly to: readonly [number, number];
  /** How far the school spreads at its beginning and at its end. */
  readonly spread: readonly [number, number];
  readonly count: number;
}

/** What is dropped swims in from below and gathers; from the middle it spreads to everybody. */
const arriving: Course = { from: [-30, 250], by: [120, 235], to: [330, 120], spread: [95, 22], count: 30 };
const leaving: Course = { from: [52, 200], by: [200, 150], to: [385, 20], spread: [20, 125], count: 38 };

/** Numbers that lie evenly over 0 … 1 however many are taken (multiples of an irrational number). */
const even = (index: number, step: number) => (index * step) % 1;

/** Dense where the school is, thinning out to its sides; the ones ahead are nearer, and so larger. */
function schoolOn({ from, by, to, spread, count }: Course) {
  return Array.from({ length: count }, (_, i) => {
    const t = (i + 0.5) / count;
    const aside = even(i + 1, 0.618034) * 2 - 1;
    const u = aside * Math.sqrt(Math.abs(aside));
    const curve = (axis: 0 | 1) => (1 - t) ** 2 * from[axis] + 2 * t * (1 - t) * by[axis] + t ** 2 * to[axis];
    const slope = (axis: 0 | 1) => 2 * ((1 - t) * (by[axis] - from[axis]) + t * (to[axis] - by[axis]));
    const [alongX, alongY] = [slope(0), slope(1)];
    const length = Math.hypot(alongX, alongY);
    const width = spread[0] + (spread[1] - spread[0]) * t;
    const drift = Math.atan((u * (spread[1] - spread[0])) / length);
    const near = even(i + 1, 0.754878);
    return {
      x: Math.round(curve(0) - (alongY / length) * u * width),
      y: Math.round(curve(1) + (alongX / length) * u * width),
      angle: Math.round(((Math.atan2(alongY, alongX) + drift) * 180) / Math.PI),
      size: Math.round(14 + 34 * near ** 2),
      opacity: Math.round((0.35 + 0.65 * near) * 100) / 100,
    };
  });
}

const schools = { lowerLeft: schoolOn(arriving), upperRight: schoolOn(leaving) };

/** Decoration. */
export function DropFieldFish() {
  return (
    <>
      <School place="lowerLeft" />
      <School place="upperRight" />
    </>
  );
}

function School({ place }: { readonly place: keyof typeof schools }) {
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={styles.fish} data-place={place} aria-hidden="true">
      {schools[place].map((fish) => (
        <Fish key={`${fish.x} ${fish.y}`} {...fish} />
      ))}
    </svg>
  );
}
