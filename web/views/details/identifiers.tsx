import { Copy } from "lucide-react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Tooltip } from "../parts/tooltip.tsx";
import styles from "./identifiers.module.css";

/** What names this share to other programs, and the trace for those who look for a fault. */
export function Identifiers({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands, saveBlob, copyText } = useActions();
  const exportTrace = async () => {
    const lines = await commands.trace(share.id);
    saveBlob(new Blob([lines], { type: "application/jsonl" }), `${share.name || share.id}.trace.jsonl`);
  };
  const saveTorrent = async () => {
    const torrent = await commands.torrentFile(share.id);
    if (torrent !== undefined) await saveBlob(torrent, `${share.name || share.id}.torrent`);
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
      {share.public && share.link !== "" && (
        <p className={styles.trace}>
          <Button data-testid="save-torrent" onClick={saveTorrent}>
            {text.torrent.save}
          </Button>
          <Button data-testid="copy-magnet" onClick={() => copyText(magnetOf(share.link))}>
            {text.torrent.copyMagnet}
          </Button>
          <span className={styles.name}>{text.torrent.forOthers}</span>
        </p>
      )}
      <p className={styles.trace}>
        <Button onClick={exportTrace}>{text.details.trace}</Button>
        <span className={styles.name}>{text.details.traceHint}</span>
      </p>
    </>
  );
}

/** A public link is a magnet behind this page's address. */
function magnetOf(link: string): string {
  return link.slice(link.indexOf("#") + 1);
}

interface IdentifierProps {
  readonly name: string;
  readonly value: string;
  readonly testId: string;
}

function Identifier({ name, value, testId }: IdentifierProps) {
  const text = useText();
  const store = useAppStore();
  const { copyText } = useActions();
  if (value === "") return null;
  const copy = async () =>
    store.say((await copyText(value)) ? text.details.copied(name) : text.link.copyFailed);
  return (
    <div className={styles.row}>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>
        <code data-testid={testId}>{value}</code>
        <Tooltip words={text.details.copy(name)}>
          <Button kind="quiet" onClick={copy}>
            <Icon of={Copy} size="small" />
          </Button>
        </Tooltip>
      </dd>
    </div>
  );
}
