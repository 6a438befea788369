import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { useId } from "react";
import styles from "./choice.module.css";

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, all of them seen. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId();
  return (
    <div className={styles.row}>
      <span id={id} className={styles.label}>
        {label}
      </span>
      <RadioGroup
        className={styles.group}
        aria-labelledby={id}
        value={value}
        onValueChange={(chosen: Value) => onChange(chosen)}
      >
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the radio button inside is the control.
          <label key={option.value} className={styles.option}>
            <Radio.Root value={option.value} className={styles.radio} />
            {option.label}
          </label>
        ))}
      </RadioGroup>
    </div>
  );
}
