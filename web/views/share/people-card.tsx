import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { Shoal } from "../graphics/shoal.tsx";
import { Card } from "../parts/card.tsx";
import styles from "./people-card.module.css";
import { PersonRow } from "./person-row.tsx";

/** Who is here: a table, and beside it the same as a drawing. */
export function PeopleCard({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { people } = share;
  if (people.length === 0)
    return (
      <Card title={text.share.people}>
        <div>
          <p className={styles["nobody"]}>{text.sending.nobodyYet}</p>
          <p className={styles["hint"]}>{text.sending.nobodyYetHint}</p>
        </div>
      </Card>
    );
  return (
    <Card title={text.share.people} aside={text.share.here(people.length)}>
      <div className={styles["columns"]}>
        <ul className={styles["list"]}>
          {people.map((person) => (
            <PersonRow key={person.id} person={person} isSender={share.role === "sender"} />
          ))}
        </ul>
        <div className={styles["drawing"]}>
          <Shoal share={share} />
        </div>
      </div>
    </Card>
  );
}
