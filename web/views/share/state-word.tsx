import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import type { Text } from "../text/en.ts";
import styles from "./state-word.module.css";

/** The share's state in a word, with a dot whose colour says how it stands. */
export function StateWord({ share }: { readonly share: ShareView }) {
  const text = useText();
  return (
    <span className={styles.state} data-tone={toneOf(share)}>
      {stateOf(share, text)}
    </span>
  );
}

/** The share's state in words, as it is told everywhere. */
export function stateOf({ stage, people, problem }: ShareView, text: Text): string {
  return text.state(stage, people.length, problem?.code === "nobody-here");
}

function toneOf(share: ShareView): "busy" | "good" | "quiet" | "bad" {
  switch (share.stage) {
    case "downloading":
    case "fingerprinting":
    case "checking":
      return "busy";
    case "sharing":
      return share.people.length > 0 ? "busy" : "quiet";
    case "done":
      return "good";
    case "failed":
      return "bad";
    default:
      return "quiet";
  }
}
