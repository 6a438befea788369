import { useText } from "../app-context.tsx";
import styles from "./transfer.module.css";
import type { SaveState } from "./use-save.ts";

/** What became of saving. */
export function SaveWords({ state }: { readonly state: SaveState | undefined }) {
  const { receiving } = useText();
  return (
    <p className={styles.saving} role="status">
      {state?.type === "saving" && receiving.saving(state.fraction)}
      {state?.type === "saved" && receiving.saved}
      {state?.type === "failed" && receiving.saveFailed}
    </p>
  );
}
