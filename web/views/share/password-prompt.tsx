import { KeyRound } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";

interface PasswordPromptProps {
  readonly share: ShareView;
  /** The last one that was tried, empty before the first. */
  readonly tried: string;
  readonly onTry: (password: string) => void;
}

/** The link opens only together with a password that the sender told some other way. */
export function PasswordPrompt({ share, tried, onTry }: PasswordPromptProps) {
  const text = useText();
  const { commands } = useActions();
  const [password, setPassword] = useState(tried);
  const form = useRef<HTMLFormElement>(null);
  // What is typed after a refusal is not wrong yet.
  const isWrong = share.problem?.code === "wrong-password" && tried === password;
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    if (password.trim() === "") return;
    onTry(password);
    // As it was trimmed when the link was made: a copied password often brings a space with it.
    commands.unlock(share.id, password.trim());
  };
  useEffect(() => {
    // A wrong one is mended or typed over.
    if (isWrong) form.current?.querySelector("input")?.select();
  }, [isWrong]);
  return (
    <form ref={form} onSubmit={unlock}>
      <Panel>
        <Field
          label={text.password.label}
          value={password}
          onChange={setPassword}
          hint={text.password.hint}
          error={isWrong ? text.password.wrong : undefined}
          isSecret
          testId="password-field"
        >
          <Button type="submit" kind="primary" disabled={password.trim() === ""} data-testid="unlock">
            <Icon of={KeyRound} />
            {text.password.open}
          </Button>
        </Field>
        <div className={styles.foot}>
          <StopButton share={share} />
        </div>
      </Panel>
    </form>
  );
}
