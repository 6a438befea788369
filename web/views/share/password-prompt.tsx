import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { StopButton } from "./stop-button.tsx";
import styles from "./transfer.module.css";

/** The link opens only together with a password that the sender told some other way. */
export function PasswordPrompt({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const [password, setPassword] = useState("");
  /** What is typed after a refusal is not wrong yet. */
  const [refused, setRefused] = useState<string>();
  const isWrong = share.problem?.code === "wrong-password" && (refused ?? password) === password;
  const unlock = (event: FormEvent) => {
    event.preventDefault();
    if (password.trim() === "") return;
    setRefused(password);
    // As it was trimmed when the link was made: a copied password often brings a space with it.
    commands.unlock(share.id, password.trim());
  };
  return (
    <form className={styles.transfer} onSubmit={unlock}>
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
        <p className={styles.line}>{text.password.ask}</p>
        <StopButton share={share} />
      </div>
    </form>
  );
}
