/** Where everybody is in the drawing of the shoal, and what shape a flow between two of them has. Units are those of the drawing. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Place extends Point {
  /** Radius of the circle that stands for a person. */
  readonly radius: number;
}

const SHOAL_WIDTH = 440;
const SHOAL_HEIGHT = 380;

const CENTRE: Point = { x: SHOAL_WIDTH / 2, y: SHOAL_HEIGHT / 2 };

/** You. */
export const CENTRE_PLACE: Place = { ...CENTRE, radius: 44 };

const ROOM_FOR_NAME = 32;

/** Most that stand in one ring without touching each other. */
const ONE_RING = 10;

/** Two rings need more height. */
const CROWDED_STRETCH = 1.5;

/** What a drawing of these places takes up, in its middle and with room for the names, as an SVG viewBox. */
export function boxAround(places: readonly Place[]): string {
  const all = [CENTRE_PLACE, ...places];
  const top = Math.min(...all.map((place) => place.y - place.radius)) - ROOM_FOR_NAME;
  const bottom = Math.max(...all.map((place) => place.y + place.radius)) + ROOM_FOR_NAME;
  const left =
    Math.min(...all.map((place) => place.x)) + Math.max(...all.map((place) => place.x)) - SHOAL_WIDTH;
  return `${round(left / 2)} ${round(top)} ${SHOAL_WIDTH} ${round(bottom - top)}`;
}

/** Places around the middle, clockwise from the top; beyond ONE_RING alternately in an outer and an inner ring. */
export function placesAround(count: number): readonly Place[] {
  const isCrowded = count > ONE_RING;
  const radius = count <= 6 ? 32 : isCrowded ? Math.max(9, 26 - count / 2) : 22;
  const start = count <= 2 ? 0 : -Math.PI / 2;
  return Array.from({ length: count }, (_, i) => {
    const angle = start + (2 * Math.PI * i) / count;
    const reach = isCrowded && i % 2 === 1 ? 0.6 : 1;
    return {
      x: CENTRE.x + Math.cos(angle) * (SHOAL_WIDTH / 2 - 72) * reach,
      y: CENTRE.y + Math.sin(angle) * (SHOAL_HEIGHT / 2 - 56) * reach * (isCrowded ? CROWDED_STRETCH : 1),
      radius,
    };
  });
}

const THINNEST_FLOW = 2;
const WIDEST_FLOW = 14;

/** Width of a flow beside the strongest one; area tells the eye more than width does, hence the root. */
export function flowWidth(rate: number, strongest: number): number {
  if (rate <= 0 || strongest <= 0) return 0;
  return THINNEST_FLOW + (WIDEST_FLOW - THINNEST_FLOW) * Math.sqrt(rate / strongest);
}

const GAP = 6;
/** The two directions between the same two run side by side, this far from the middle. */
const LANE = 9;

/**
 * SVG path of an arrow from one circle to the other: it grows narrow on its way and ends in a point.
 * @param isAlone nothing flows the other way, so that it takes the middle.
 */
export function flowPath(from: Place, to: Place, width: number, isAlone: boolean): string {
  const lane = isAlone ? 0 : LANE;
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const along = { x: (to.x - from.x) / distance, y: (to.y - from.y) / distance };
  const across = { x: -along.y, y: along.x };
  const at = (way: number, side: number): string => {
    const x = from.x + along.x * way + across.x * (lane + side);
    const y = from.y + along.y * way + across.y * (lane + side);
    return `${round(x)} ${round(y)}`;
  };
  const start = from.radius + GAP;
  const end = distance - to.radius - GAP;
  const head = Math.max(start, end - (6 + width));
  const slim = width * 0.22;
  return `M${at(start, -width / 2)}L${at(head, -slim)}L${at(head, -width * 0.5 - 2)}L${at(end, 0)}L${at(head, width * 0.5 + 2)}L${at(head, slim)}L${at(start, width / 2)}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
