import { NumberField as Base } from "@base-ui/react/number-field";
import { type KeyboardEvent, useId } from "react";
import { useText } from "../app-context.tsx";
import labelled from "./labelled.module.css";
import styles from "./number-field.module.css";

interface NumberFieldProps {
  readonly label: string;
  /** Undefined for an empty field. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  /** Stands behind the number, such as "MB/s". */
  readonly unit?: string;
  /** What an empty field means. */
  readonly placeholder?: string;
  readonly hint?: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly isDisabled?: boolean;
  readonly testId?: string;
}

/** A number with its unit, read and written as the person's language does. */
export function NumberField(props: NumberFieldProps) {
  const text = useText();
  const id = useId();
  const { label, unit, hint, isDisabled = false } = props;
  return (
    <Base.Root
      id={id}
      className={styles.field}
      locale={text.locale}
      value={props.value ?? null}
      onValueCommitted={(value) => props.onChange(value ?? undefined)}
      min={props.least}
      max={props.most}
      step={props.step}
      disabled={isDisabled}
    >
      <label className={styles.row} htmlFor={id}>
        <span className={labelled.words}>
          <span className={labelled.label}>{label}</span>
          {hint !== undefined && <span className={labelled.hint}>{hint}</span>}
        </span>
        <Base.Group className={styles.group}>
          <Base.Input
            className={styles.input}
            placeholder={props.placeholder}
            data-testid={props.testId}
            onKeyDown={leaveOnEnter}
          />
          {unit !== undefined && <span className={styles.unit}>{unit}</span>}
        </Base.Group>
      </label>
    </Base.Root>
  );
}

/** What was typed counts once the field is left. */
function leaveOnEnter(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key === "Enter") event.currentTarget.blur();
}
