import { Copy } from "lucide-react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import styles from "./identifiers.module.css";

/** What names this share to other programs, and the trace for those who look for a fault. */
export function Identifiers({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands, saveBlob } = useActions();
  const exportTrace = async () => {
    const lines = await commands.trace(share.id);
    await saveBlob(new Blob([lines], { type: "application/jsonl" }), `${share.name || share.id}.trace.jsonl`);
  };
  return (
    <>
      <dl className={styles.list}>
        <Identifier name={text.details.infohashV2} value={share.infohashV2} testId="infohash" />
        {share.infohashV1 !== undefined && (
          <Identifier name={text.details.infohashV1} value={share.infohashV1} testId="infohash-v1" />
        )}
        {share.role === "receiver" && (
          <Identifier name={text.details.magnet} value={share.link} testId="share-link" />
        )}
      </dl>
      <p className={styles.trace}>
        <Button onClick={exportTrace}>{text.details.trace}</Button>
        <span className={styles.name}>{text.details.traceHint}</span>
      </p>
    </>
  );
}

interface IdentifierProps {
  readonly name: string;
  readonly value: string;
  readonly testId: string;
}

function Identifier({ name, value, testId }: IdentifierProps) {
  const text = useText();
  const { copyText } = useActions();
  if (value === "") return null;
  return (
    <div className={styles.row}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>
        <code data-testid={testId}>{value}</code>
        <Button kind="quiet" aria-label={text.details.copy(name)} onClick={() => copyText(value)}>
          <Icon of={Copy} size="small" />
        </Button>
      </dd>
    </div>
  );
}
