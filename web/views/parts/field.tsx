import { Field as Base } from "@base-ui/react/field";
import type { ReactNode } from "react";
import styles from "./field.module.css";
import labelled from "./labelled.module.css";

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  /** What is wrong with the value; the field is marked with it. */
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly isSecret?: boolean;
  readonly testId?: string;
  /** Stands beside the field, such as the button that sends it off. */
  readonly children?: ReactNode;
}

/** One line of text, with its name above it. */
export function Field(props: FieldProps) {
  const { label, value, onChange, hint, error, placeholder, isDisabled = false, isSecret = false } = props;
  return (
    <Base.Root className={styles.field} invalid={error !== undefined} disabled={isDisabled}>
      <Base.Label className={labelled.label}>{label}</Base.Label>
      <div className={styles.line}>
        <Base.Control
          type={isSecret ? "password" : "text"}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className={styles.input}
          value={value}
          onValueChange={onChange}
          placeholder={placeholder}
          data-testid={props.testId}
        />
        {props.children}
      </div>
      {error !== undefined && (
        <Base.Error match className={styles.error} role="alert">
          {error}
        </Base.Error>
      )}
      {hint !== undefined && <Base.Description className={labelled.hint}>{hint}</Base.Description>}
    </Base.Root>
  );
}
