interface FishProps {
  /** Length from nose to tail in the units of the drawing around it. */
  readonly size: number;
  readonly x?: number;
  readonly y?: number;
  /** Degrees clockwise from swimming to the right. */
  readonly angle?: number;
  readonly opacity?: number;
}

/** One fish of the shoal, its middle at (x, y), in the colour that `fill` has around it. */
export function Fish({ size, x = 0, y = 0, angle = 0, opacity = 1 }: FishProps) {
  return (
    <path
      d={FISH}
      opacity={opacity}
      transform={`translate(${x} ${y}) rotate(${angle}) scale(${size / 32})`}
    />
  );
}

/** Nose at (16, 0), tail at (−16, ±7): a lens for the body and a notched fin, drawn in one line. */
const FISH =
  "M16 0C11.5 -6.2 2 -8.6 -8.2 -1.8L-14.6 -6.6C-15.6 -7.3 -16.6 -6.3 -16 -5.3C-14.2 -2 -14.2 2 -16 5.3C-16.6 6.3 -15.6 7.3 -14.6 6.6L-8.2 1.8C2 8.6 11.5 6.2 16 0Z";
