import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { FileIcon } from "../parts/file-icon.tsx";
import { Icon } from "../parts/icon.tsx";
import { Progress } from "../parts/progress.tsx";
import { RemoveDialog } from "../share/remove-dialog.tsx";
import { useForget } from "../share/use-forget.ts";
import { nameOf } from "../share-name.ts";
import styles from "./storage-settings.module.css";
import { useStorageReport } from "./use-storage-report.ts";

/** From this fraction on it is told as nearly full. */
const NEARLY_FULL = 0.9;

/** How much this browser keeps, of what, and how to free it. */
export function StorageSettings() {
  const text = useText();
  const forget = useForget();
  const report = useStorageReport();
  const [removing, setRemoving] = useState<string>();
  if (report === undefined) return null;
  const { usage, quota, persisted } = report;
  const fraction = usage === undefined || quota === undefined ? undefined : Math.min(1, usage / quota);
  const kept = [...report.shares].filter((share) => share.bytes > 0).sort((a, b) => b.bytes - a.bytes);
  const removed = kept.find((share) => share.id === removing);

  return (
    <Card title={text.settings.storage}>
      {usage !== undefined && quota !== undefined && fraction !== undefined && (
        <Progress
          label={text.settings.used}
          words={text.settings.usedOf(usage, quota)}
          fraction={fraction}
          tone={fraction < NEARLY_FULL ? "good" : "warning"}
        />
      )}
      <p className={styles.note}>{persisted ? text.settings.persisted : text.settings.notPersisted}</p>
      {kept.length === 0 ? (
        <p className={styles.note}>{text.settings.nothingKept}</p>
      ) : (
        <ul className={styles.list}>
          {kept.map(({ id, name, bytes }) => (
            <li key={id} className={styles.row} data-testid="kept-share">
              <FileIcon name={name} />
              <span className={styles.name}>{nameOf(name, text)}</span>
              <span className={styles.size}>{text.format.size(bytes)}</span>
              <Button
                kind="quiet"
                aria-label={text.settings.free(nameOf(name, text))}
                onClick={() => setRemoving(id)}
              >
                <Icon of={Trash2} />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <RemoveDialog
        name={nameOf(removed?.name ?? "", text)}
        bytes={removed?.bytes ?? 0}
        isOpen={removed !== undefined}
        onClose={() => setRemoving(undefined)}
        onRemove={() => removed !== undefined && forget(removed.id)}
      />
    </Card>
  );
}
