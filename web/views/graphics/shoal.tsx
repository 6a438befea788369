import { useId } from "react";
import type { Person, ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { Fish } from "./fish.tsx";
import styles from "./shoal.module.css";
import { boxAround, CENTRE_PLACE, flowPath, flowWidth, type Place, placesAround } from "./shoal-layout.ts";

/** More than these are drawn without their names, which the table beside the drawing has. */
const MOST_NAMED = 8;

/** You in the middle, people around you; an arrow is a flow, its width the rate, a ring how much someone has. */
export function Shoal({ share }: { readonly share: ShareView }) {
  const text = useText();
  const title = useId();
  const { people } = share;
  const places = placesAround(people.length);
  const strongest = Math.max(0, ...people.flatMap((person) => [person.uploadRate, person.downloadRate]));
  const placed = people.flatMap((person, i) => {
    const place = places[i];
    return place === undefined ? [] : [{ person, place }];
  });

  return (
    <svg viewBox={boxAround(places)} className={styles.shoal} role="img" aria-labelledby={title}>
      <title id={title}>{text.shoal.summary(people.length, share.uploadRate, share.downloadRate)}</title>
      {placed.map(({ person, place }) => (
        <line
          key={person.id}
          x1={CENTRE_PLACE.x}
          y1={CENTRE_PLACE.y}
          x2={place.x}
          y2={place.y}
          className={styles.thread}
          data-relayed={person.relayed}
        />
      ))}
      {placed.map(({ person, place }) => (
        <Flows key={person.id} person={person} place={place} strongest={strongest} />
      ))}
      {placed.map(({ person, place }) => (
        <Swimmer
          key={person.id}
          place={place}
          progress={person.progress}
          colour={`var(--person-${person.nickname.colour})`}
          label={people.length <= MOST_NAMED ? text.person.name(person.nickname) : undefined}
        />
      ))}
      <g transform={`translate(${CENTRE_PLACE.x} ${CENTRE_PLACE.y})`} className={styles.you}>
        <circle r={CENTRE_PLACE.radius} />
        <g className={styles.inside}>
          <Fish size={46} y={-7} />
          <text y={24}>{text.person.you}</text>
        </g>
      </g>
    </svg>
  );
}

interface FlowsProps {
  readonly person: Person;
  readonly place: Place;
  readonly strongest: number;
}

function Flows({ person, place, strongest }: FlowsProps) {
  const up = flowWidth(person.uploadRate, strongest);
  const down = flowWidth(person.downloadRate, strongest);
  return (
    <>
      {up > 0 && <path d={flowPath(CENTRE_PLACE, place, up, down === 0)} fill="var(--accent)" />}
      {down > 0 && (
        <path
          d={flowPath(place, CENTRE_PLACE, down, up === 0)}
          fill={`var(--person-${person.nickname.colour})`}
        />
      )}
    </>
  );
}

interface SwimmerProps {
  readonly place: Place;
  readonly progress: number;
  readonly colour: string;
  readonly label: string | undefined;
}

function Swimmer({ place, progress, colour, label }: SwimmerProps) {
  // Away from the middle, so that no flow runs through it.
  const isAbove = place.y < CENTRE_PLACE.y - place.radius;
  const around = 2 * Math.PI * place.radius;
  return (
    <g transform={`translate(${place.x} ${place.y})`} style={{ color: colour }}>
      <circle r={place.radius} className={styles.body} />
      <circle
        r={place.radius}
        className={styles.ring}
        strokeDasharray={`${around * progress} ${around}`}
        transform="rotate(-90)"
      />
      <g fill="currentcolor">
        <Fish size={place.radius * 1.15} />
      </g>
      {label !== undefined && (
        <text y={isAbove ? -place.radius - 12 : place.radius + 22} className={styles.label}>
          {label}
        </text>
      )}
    </g>
  );
}
