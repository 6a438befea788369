import { ArrowLeft } from "lucide-react";
import type { ShareView } from "../../store/share-view.ts";
import { useAppStore, useText } from "../app-context.tsx";
import { Details } from "../details/details.tsx";
import { Button } from "../parts/button.tsx";
import { Files } from "./files.tsx";
import { PeopleCard } from "./people-card.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { Receiving } from "./receiving.tsx";
import { Sending } from "./sending.tsx";
import styles from "./share-page.module.css";
import { StateWord } from "./state-word.tsx";

/** The page of one share; `share` is undefined until the session has told of it. */
export function SharePage({ share }: { readonly share: ShareView | undefined }) {
  const text = useText();
  const store = useAppStore();
  const name = share?.name || text.home.unnamed;
  return (
    <article
      className={styles.page}
      data-testid="share"
      data-share-id={share?.id}
      data-state={share?.state}
      aria-labelledby="share-title"
    >
      <div className={styles.head}>
        <Button kind="quiet" className={styles.back} onClick={() => store.show(undefined)}>
          <ArrowLeft size={18} aria-hidden="true" />
          {text.home.back}
        </Button>
        <h1 id="share-title" className={styles.title} tabIndex={-1}>
          {share === undefined ? text.share.getting : headingOf(share, name, text)}
        </h1>
        {share !== undefined && (
          <p className={styles.facts}>
            <StateWord share={share} />
            {share.size !== undefined && <span>{text.share.contents(share.fileCount, share.size)}</span>}
          </p>
        )}
      </div>
      {share !== undefined && (
        <>
          <ProblemNotice share={share} />
          {share.role === "sender" ? <Sending share={share} /> : <Receiving share={share} />}
          {showsPeople(share) && <PeopleCard share={share} />}
          {share.fileCount > 0 && share.size !== undefined && <Files share={share} />}
          <Details share={share} />
        </>
      )}
    </article>
  );
}

/** Before a download one sentence on who has it is enough. */
function showsPeople(share: ShareView): boolean {
  return share.stage === "sharing" || (share.people.length > 0 && share.stage !== "offered");
}

function headingOf(share: ShareView, name: string, text: ReturnType<typeof useText>): string {
  if (share.stage === "finding" && share.name === "") return text.receiving.finding;
  if (share.stage === "offered" && share.have > 0) return text.receiving.continueTitle(name, share.progress);
  return name;
}
