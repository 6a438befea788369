/**
 * Where everybody is in the drawing of the shoal, and how what flows between two of them swims. Units are those of
 * the drawing.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place extends Point {
  /** Radius of the circle that stands for a person. */
  readonly radius: number;
}

/** Of the drawing; beside a few, the longest names need room. */
const WIDTH = { few: 504, crowd: 456 };
const CENTRE: Point = { x: 0, y: 0 };

/** Few enough to stand around in one wide ring, with their names. */
export const FEW = 8;

const FEW_RING = { x: 160, y: 136 };
/** Radii of the rings of a crowd, and how many people need that many rings. */
const CROWD_RINGS = [
  { most: 26, radii: [112, 178] },
  { most: Number.POSITIVE_INFINITY, radii: [92, 140, 188] },
];
const LARGEST = 18;
/** Of the room on a ring, people take up this much. */
const FULLNESS = 0.8;

const ROOM_FOR_NAME = 30;
const ROOM_FOR_RIPPLE = 28;

/** You, among `count` others. */
export function centrePlace(count: number): Place {
  return { ...CENTRE, radius: count > FEW ? 34 : 42 };
}

/** Places around the middle, clockwise from the top: a ring of a few, or rings of a crowd from the inside out. */
export function placesAround(count: number): readonly Place[] {
  if (count <= FEW) return fewAround(count);
  const radii = CROWD_RINGS.find(({ most }) => count <= most)?.radii ?? [];
  const around = radii.reduce((sum, radius) => sum + radius, 0);
  const seats = radii.map((radius) => Math.floor((count * radius) / around));
  // The outermost ring takes those that rounding left over.
  const outermost = seats.pop() ?? 0;
  const ring = [...seats, outermost + count - seats.reduce((sum, seat) => sum + seat, outermost)];
  const narrowest = Math.min(...ring.map((seat, i) => (Math.PI * (radii[i] ?? 0)) / seat));
  const radius = Math.min(LARGEST, FULLNESS * narrowest);
  return ring.flatMap((seat, i) =>
    Array.from({ length: seat }, (_, j) => {
      // Every other ring is turned by half a place, so that people look past each other.
      const angle = -Math.PI / 2 + (2 * Math.PI * (j + (i % 2) / 2)) / seat;
      const reach = radii[i] ?? 0;
      return { x: Math.cos(angle) * reach, y: Math.sin(angle) * reach, radius };
    }),
  );
}

function fewAround(count: number): readonly Place[] {
  const radius = count <= 4 ? 30 : count <= 6 ? 26 : 22;
  const start = count <= 2 ? 0 : -Math.PI / 2;
  return Array.from({ length: count }, (_, i) => {
    const angle = start + (2 * Math.PI * i) / count;
    return { x: Math.cos(angle) * FEW_RING.x, y: Math.sin(angle) * FEW_RING.y, radius };
  });
}

/** What a drawing of these places takes up, in its middle and with room for the names, as an SVG viewBox. */
export function boxAround(places: readonly Place[]): string {
  const isCrowd = places.length > FEW;
  const room = isCrowd ? 2 : ROOM_FOR_NAME;
  const width = isCrowd ? WIDTH.crowd : WIDTH.few;
  const you = { ...centrePlace(places.length), radius: centrePlace(places.length).radius + ROOM_FOR_RIPPLE };
  const tops = places.map(({ y, radius }) => y - radius - room);
  const bottoms = places.map(({ y, radius }) => y + radius + room);
  const top = Math.min(you.y - you.radius, ...tops);
  const bottom = Math.max(you.y + you.radius, ...bottoms);
  const left =
    (Math.min(you.x, ...places.map(({ x }) => x)) + Math.max(you.x, ...places.map(({ x }) => x))) / 2;
  return `${round(left - width / 2)} ${round(top)} ${width} ${round(bottom - top)}`;
}

const THINNEST_FLOW = 3;
const WIDEST_FLOW = 16;
/** Among many, streams are narrow. */
const NARROWER = 0.5;

/** Width of a flow beside the strongest one; area tells the eye more than width does, hence the root. */
export function flowWidth(rate: number, strongest: number, count: number): number {
  if (rate <= 0 || strongest <= 0) return 0;
  const width = THINNEST_FLOW + (WIDEST_FLOW - THINNEST_FLOW) * Math.sqrt(rate / strongest);
  return count > FEW ? width * NARROWER : width;
}

/** One fish of a flow: where it is and which way it swims, degrees clockwise from swimming to the right. */
export interface Swimming extends Point {
  readonly angle: number;
  readonly size: number;
}

export interface Flow {
  /** SVG path of the line in the middle of the stream. */
  readonly path: string;
  readonly fish: readonly Swimming[];
}

const GAP = 5;
/** The stream leaves the straight line by this angle; two that run against each other keep apart by it. */
const LEAN = 0.34;
const LEAN_ALONE = 0.18;
const MOST_FISH = 4;
/** Of a stream this narrow, one fish tells the way. */
const SINGLE_FILE = 8;

/**
 * A stream from one circle to the other that bows to the right of its way, as traffic does.
 * @param isAlone nothing flows the other way.
 */
export function flow(from: Place, to: Place, width: number, isAlone: boolean): Flow {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const heading = Math.atan2(to.y - from.y, to.x - from.x);
  const lean = isAlone ? LEAN_ALONE : LEAN;
  const start = onEdge(from, heading + lean, GAP);
  const end = onEdge(to, heading + Math.PI - lean, GAP);
  const bow = (distance / 2) * Math.tan(lean);
  const middle = {
    x: (from.x + to.x) / 2 - Math.sin(heading) * bow,
    y: (from.y + to.y) / 2 + Math.cos(heading) * bow,
  };
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const size = Math.min(9 + width * 0.95, length * 0.6);
  const most = width > SINGLE_FILE ? MOST_FISH : 2;
  const count = Math.max(1, Math.min(most, Math.floor(length / (size * 1.35))));
  const fish = Array.from({ length: count }, (_, i) => ({
    ...onCurve(start, middle, end, (i + 0.5) / count),
    size: round(size),
  }));
  return {
    path: `M${round(start.x)} ${round(start.y)}Q${round(middle.x)} ${round(middle.y)} ${round(end.x)} ${round(end.y)}`,
    fish,
  };
}

function onEdge({ x, y, radius }: Place, angle: number, gap: number): Point {
  return { x: x + Math.cos(angle) * (radius + gap), y: y + Math.sin(angle) * (radius + gap) };
}

/** A point of a quadratic Bézier curve and the way that the curve takes there. @param t 0 … 1. */
function onCurve(start: Point, middle: Point, end: Point, t: number): Point & { readonly angle: number } {
  const at = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
  const slope = (a: number, b: number, c: number) => (1 - t) * (b - a) + t * (c - b);
  const angle = Math.atan2(slope(start.y, middle.y, end.y), slope(start.x, middle.x, end.x));
  return {
    x: round(at(start.x, middle.x, end.x)),
    y: round(at(start.y, middle.y, end.y)),
    angle: round((angle * 180) / Math.PI),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
