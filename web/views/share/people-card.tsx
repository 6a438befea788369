import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { Shoal } from "../graphics/shoal.tsx";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import styles from "./people-card.module.css";
import { PersonRow } from "./person-row.tsx";

/** A longer list opens on request; the drawing has everybody. */
const FIRST_SHOWN = 6;

/** Who is here: a table, and beside it the same as a drawing. */
export function PeopleCard({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { people } = share;
  const [isLong, setIsLong] = useState(false);
  const shown = isLong ? people : people.slice(0, FIRST_SHOWN);
  if (people.length === 0)
    return (
      <Card title={text.share.people}>
        <div className={styles.alone}>
          <div>
            <p className={styles.nobody}>{text.sending.nobodyYet}</p>
            <p className={styles.hint}>{text.sending.nobodyYetHint}</p>
          </div>
          <div className={styles.you} aria-hidden="true">
            <Shoal share={share} />
          </div>
        </div>
      </Card>
    );
  return (
    <Card title={text.share.people} aside={text.share.here(people.length)}>
      <div className={styles.columns}>
        <div className={styles.rows}>
          <ul className={styles.list}>
            {shown.map((person) => (
              <PersonRow key={person.id} person={person} isWhole={share.progress === 1} />
            ))}
          </ul>
          {shown.length < people.length && (
            <Button onClick={() => setIsLong(true)}>{text.share.showAllPeople(people.length)}</Button>
          )}
        </div>
        <div className={styles.drawing}>
          <Shoal share={share} />
        </div>
      </div>
    </Card>
  );
}
