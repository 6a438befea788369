import styles from "./figures.module.css";

interface FiguresProps {
  readonly figures: readonly { readonly name: string; readonly value: string }[];
}

/** Figures side by side, each under its name. */
export function Figures({ figures }: FiguresProps) {
  return (
    <dl className={styles.figures}>
      {figures.map(({ name, value }) => (
        <div key={name}>
          <dt className={styles.name}>{name}</dt>
          <dd className={styles.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
