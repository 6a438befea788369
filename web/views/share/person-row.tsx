import { memo } from "react";
import { flowsBetween } from "../../store/selectors.ts";
import type { Person } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { Fish } from "../graphics/fish.tsx";
import { Facts } from "../parts/facts.tsx";
import { browserOf } from "./client-name.ts";
import styles from "./person-row.module.css";

interface PersonRowProps {
  readonly person: Person;
  /** We have everything. */
  readonly isWhole: boolean;
}

/** One person in plain words; Details has the same in the field's own. */
export const PersonRow = memo(function PersonRow({ person, isWhole }: PersonRowProps) {
  const text = useText();
  const colour = `var(--person-${person.nickname.colour})`;
  const browser = browserOf(person.client);
  const { given, got } = flowsBetween(person, isWhole);
  const flows = [
    ...(got > 0 ? [text.person.sends(got)] : []),
    ...(given > 0 ? [text.person.gets(given)] : []),
  ];
  const has = person.isComplete ? text.person.hasAll : text.person.has(person.progress);
  const left = isWhole && person.secondsLeft !== undefined ? text.person.left(person.secondsLeft) : undefined;
  const route = person.route === "unknown" ? text.person.connecting : text.person[person.route];

  return (
    <li className={styles.row} style={{ color: colour }}>
      <svg viewBox="-20 -20 40 40" className={styles.avatar} aria-hidden="true">
        <circle r={20} className={styles.water} />
        <Fish size={26} />
      </svg>
      <div className={styles.body}>
        <p className={styles.line}>
          <span className={styles.name}>
            {text.person.name(person.nickname)}
            {browser !== undefined && <span className={styles.browser}> {browser}</span>}
          </span>
          <span className={styles.has}>{has}</span>
        </p>
        <div className={styles.track} aria-hidden="true">
          <div className={styles.fill} style={{ width: `${person.progress * 100}%`, background: colour }} />
        </div>
        <div className={styles.facts}>
          <Facts>
            {flows.length > 0 ? text.format.list(flows) : text.person.idle}
            {left}
            {route}
            {person.helping && <span className={styles.helping}>{text.person.helping}</span>}
          </Facts>
        </div>
      </div>
    </li>
  );
});
