import { memo, useId } from "react";
import { flowsBetween } from "../../store/selectors.ts";
import type { Person, ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { Fish } from "./fish.tsx";
import styles from "./shoal.module.css";
import { boxAround, centrePlace, FEW, flow, flowWidth, type Place, placesAround } from "./shoal-layout.ts";

/** Distances of the rings in the water around you. */
const RIPPLES = [12, 26];

/**
 * You in the middle, people around you; a stream of fish is what flows, its width the rate, a ring how much someone
 * has. Of a crowd the names are left to the table beside the drawing.
 */
export function Shoal({ share }: { readonly share: ShareView }) {
  const text = useText();
  const title = useId();
  const { people } = share;
  const isCrowd = people.length > FEW;
  const places = placesAround(people.length);
  const you = centrePlace(people.length);
  const placed = people.flatMap((person, i) => {
    const place = places[i];
    return place === undefined ? [] : [{ person, place, ...flowsBetween(person, share.progress === 1) }];
  });
  const strongest = Math.max(0, ...placed.flatMap(({ given, got }) => [given, got]));

  return (
    <svg viewBox={boxAround(places)} className={styles.shoal} role="img" aria-labelledby={title}>
      <title id={title}>{text.shoal.summary(people.length, share.uploadRate, share.downloadRate)}</title>
      {RIPPLES.map((distance) => (
        <circle key={distance} r={you.radius + distance} className={styles.ripple} />
      ))}
      {placed.map(({ person, place, given, got }) => (
        <Water key={person.id} place={place} isRelayed={person.relayed} isIdle={given === 0 && got === 0} />
      ))}
      {placed.map(({ person, place, given, got }) => (
        <Flows
          key={person.id}
          given={given}
          got={got}
          colour={colourOf(person)}
          place={place}
          you={you}
          strongest={strongest}
          count={people.length}
        />
      ))}
      {placed.map(({ person, place }) => (
        <Swimmer
          key={person.id}
          x={place.x}
          y={place.y}
          radius={place.radius}
          progress={Math.round(person.progress * 100) / 100}
          colour={colourOf(person)}
          label={isCrowd ? undefined : text.person.name(person.nickname)}
        />
      ))}
      <g className={styles.you}>
        <circle r={you.radius} />
        <g className={styles.inside}>
          <Fish size={you.radius} y={-7} />
          <text y={isCrowd ? 20 : 24}>{text.person.you}</text>
        </g>
      </g>
    </svg>
  );
}

interface WaterProps {
  readonly place: Place;
  readonly isRelayed: boolean;
  readonly isIdle: boolean;
}

/** The connection itself: seen where nothing flows, and where it goes by the relay. */
function Water({ place, isRelayed, isIdle }: WaterProps) {
  if (!isIdle && !isRelayed) return null;
  return <line x2={place.x} y2={place.y} className={styles.thread} data-relayed={isRelayed} />;
}

interface FlowsProps {
  /** Bytes per second. */
  readonly given: number;
  readonly got: number;
  /** Of what is got. */
  readonly colour: string;
  readonly place: Place;
  readonly you: Place;
  readonly strongest: number;
  /** Of people. */
  readonly count: number;
}

function Flows({ given, got, colour, place, you, strongest, count }: FlowsProps) {
  const up = flowWidth(given, strongest, count);
  const down = flowWidth(got, strongest, count);
  return (
    <>
      {up > 0 && <Stream {...flow(you, place, up, down === 0)} width={up} colour="var(--accent)" />}
      {down > 0 && <Stream {...flow(place, you, down, up === 0)} width={down} colour={colour} />}
    </>
  );
}

function colourOf({ nickname }: Person): string {
  return `var(--person-${nickname.colour})`;
}

interface StreamProps extends ReturnType<typeof flow> {
  readonly width: number;
  readonly colour: string;
}

function Stream({ path, fish, width, colour }: StreamProps) {
  return (
    <g style={{ color: colour }}>
      <path d={path} strokeWidth={width} className={styles.stream} />
      <g fill="currentcolor">
        {fish.map((one) => (
          <Fish key={`${one.x} ${one.y}`} {...one} />
        ))}
      </g>
    </g>
  );
}

interface SwimmerProps {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly progress: number;
  readonly colour: string;
  readonly label: string | undefined;
}

const Swimmer = memo(function Swimmer({ x, y, radius, progress, colour, label }: SwimmerProps) {
  // Away from the middle, so that no flow runs through it.
  const isAbove = y < -radius;
  const around = 2 * Math.PI * radius;
  return (
    <g transform={`translate(${x} ${y})`} style={{ color: colour }}>
      <circle r={radius} className={styles.body} />
      <circle
        r={radius}
        className={styles.ring}
        strokeDasharray={`${around * progress} ${around}`}
        transform="rotate(-90)"
      />
      <g fill="currentcolor">
        <Fish size={radius * 1.15} />
      </g>
      {label !== undefined && (
        <text y={isAbove ? -radius - 12 : radius + 22} className={styles.label}>
          {label}
        </text>
      )}
    </g>
  );
});
