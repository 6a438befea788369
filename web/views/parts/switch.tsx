import { Switch as Base } from "@base-ui/react/switch";
import { useId } from "react";
import labelled from "./labelled.module.css";
import styles from "./switch.module.css";

interface SwitchProps {
  readonly label: string;
  /** What it means to have it on, or off. */
  readonly hint?: string | undefined;
  /** Id of an element elsewhere that says what it means. */
  readonly describedBy?: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly testId?: string;
}

/** Something that is on or off, at once. */
export function Switch({
  label,
  hint,
  describedBy,
  isOn,
  isDisabled = false,
  onChange,
  testId,
}: SwitchProps) {
  const id = useId();
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control.
    <label className={styles.row}>
      <span className={labelled.words}>
        <span id={`${id}-label`} className={labelled.label}>
          {label}
        </span>
        {hint !== undefined && (
          <span id={`${id}-hint`} className={labelled.hint}>
            {hint}
          </span>
        )}
      </span>
      <Base.Root
        checked={isOn}
        disabled={isDisabled}
        onCheckedChange={onChange}
        className={styles.switch}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint === undefined ? describedBy : `${id}-hint`}
        data-testid={testId}
      >
        <Base.Thumb className={styles.thumb} />
      </Base.Root>
    </label>
  );
}
