import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useAppStore, useText } from "../app-context.tsx";
import { Details } from "../details/details.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { Viewing } from "../playing/viewing.tsx";
import { nameOf } from "../share-name.ts";
import { Files } from "./files.tsx";
import { MoreMenu } from "./more-menu.tsx";
import { PasswordPrompt } from "./password-prompt.tsx";
import { PeopleCard } from "./people-card.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { Receiving } from "./receiving.tsx";
import { Sending } from "./sending.tsx";
import styles from "./share-page.module.css";
import { StateWord } from "./state-word.tsx";

/** The page of one share. */
export function SharePage({ share }: { readonly share: ShareView }) {
  const text = useText();
  const store = useAppStore();
  const name = nameOf(share.name, text);
  /** It outlives the prompt, which makes way while a password is being tried. */
  const [password, setPassword] = useState("");
  return (
    <article
      className={styles.page}
      data-testid="share"
      data-share-id={share.id}
      data-state={share.state}
      aria-labelledby="share-title"
    >
      <PageHead
        id="share-title"
        title={headingOf(share, name, text)}
        back={text.home.back}
        onBack={() => store.show(undefined)}
        menu={<MoreMenu share={share} />}
      >
        <p className={styles.facts}>
          {!needsPassword(share) && <StateWord share={share} />}
          {share.size !== undefined && <span>{text.share.contents(share.fileCount, share.size)}</span>}
        </p>
      </PageHead>
      {needsPassword(share) ? (
        <PasswordPrompt share={share} tried={password} onTry={setPassword} />
      ) : (
        <Viewing>
          <ProblemNotice share={share} />
          {share.role === "sender" ? <Sending share={share} /> : <Receiving share={share} />}
          {showsPeople(share) && <PeopleCard share={share} />}
          {share.fileCount > 0 && share.size !== undefined && <Files share={share} />}
        </Viewing>
      )}
      <Details share={share} />
    </article>
  );
}

function needsPassword({ problem }: ShareView): boolean {
  return problem?.code === "password-needed" || problem?.code === "wrong-password";
}

/** Before a download one sentence on who has it is enough. */
function showsPeople(share: ShareView): boolean {
  return share.stage === "sharing" || (share.people.length > 0 && share.stage !== "offered");
}

function headingOf(share: ShareView, name: string, text: ReturnType<typeof useText>): string {
  if (needsPassword(share)) return text.password.title;
  if (share.stage === "finding" && share.name === "") return text.receiving.finding;
  if (share.stage === "offered" && share.have > 0) return text.receiving.continueTitle(name, share.progress);
  return name;
}
