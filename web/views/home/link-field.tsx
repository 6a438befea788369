import { Link2 } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { openLink } from "../../store/opening.ts";
import { useActions, useApp, useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Notice } from "../parts/notice.tsx";
import styles from "./link-field.module.css";

export function LinkField() {
  const text = useText();
  const store = useAppStore();
  const { commands } = useActions();
  const problem = useApp((state) => state.linkProblem);
  const [link, setLink] = useState("");
  const notice = useId();
  const place = useRef<HTMLDivElement>(null);
  // A broken link may have been opened from elsewhere, and what is wrong with it must be seen.
  useEffect(() => {
    if (problem !== undefined) place.current?.scrollIntoView({ block: "nearest" });
  }, [problem]);
  const open = (event: FormEvent) => {
    event.preventDefault();
    openLink(store, commands, link.trim());
  };

  return (
    <div ref={place} className={styles.field}>
      <form className={styles.form} onSubmit={open}>
        <Icon of={Link2} size="large" className={styles.icon} />
        <input
          type="text"
          inputMode="url"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className={styles.input}
          data-testid="link-input"
          aria-label={text.home.linkLabel}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : notice}
          placeholder={text.home.linkLabel}
          value={link}
          onChange={(event) => {
            setLink(event.target.value);
            store.reportLinkProblem(undefined);
          }}
        />
        <Button type="submit" className={styles.open}>
          {text.home.open}
        </Button>
      </form>
      <div id={notice}>
        {problem !== undefined && <Notice isUrgent tone="warning" notice={text.linkProblem(problem)} />}
      </div>
    </div>
  );
}
