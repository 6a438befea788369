import { Download } from "lucide-react";
import type { ReactNode } from "react";
import type { FileSnapshot } from "../../store/session.ts";
import { useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { FileIcon } from "../parts/file-icon.tsx";
import { Icon } from "../parts/icon.tsx";
import type { RowPlace } from "../parts/window-list.tsx";
import styles from "./files.module.css";

interface FileRowProps {
  readonly place: RowPlace;
  readonly file: FileSnapshot;
  readonly isWanted: boolean;
  /** It comes from others, so it may be here in part. */
  readonly isArriving: boolean;
  /** Undefined when there is nothing to choose. */
  readonly onWant: ((want: boolean) => void) | undefined;
  /** To play it or look at it. */
  readonly viewButton: ReactNode;
  /** Undefined when it can't be saved on its own. */
  readonly onSave: (() => void) | undefined;
}

export function FileRow({ place, file, isWanted, isArriving, onWant, viewButton, onSave }: FileRowProps) {
  const text = useText();
  const name = file.path.at(-1) ?? "";
  const folder = file.path.slice(0, -1).join(" / ");
  const isPartly = isArriving && file.have > 0 && file.have < file.size;
  const here = isPartly ? text.format.percent(file.have / file.size) : undefined;
  return (
    <li {...place} className={styles.row} data-testid="file-row" data-wanted={isWanted}>
      {onWant !== undefined && (
        <label className={styles.tick}>
          <input
            type="checkbox"
            checked={isWanted}
            aria-label={text.receiving.wantFile(name)}
            onChange={(event) => onWant(event.target.checked)}
          />
        </label>
      )}
      <FileIcon name={name} />
      <span className={styles.names}>
        <span className={styles.name} title={name}>
          <bdi>{name}</bdi>
        </span>
        <span className={styles.folder}>
          <span className={styles.sizeBelow}>{text.format.size(file.size)}</span>
          {[folder, here].filter(Boolean).join(" · ")}
        </span>
      </span>
      <span className={styles.size}>{text.format.size(file.size)}</span>
      <span className={styles.ways}>
        {viewButton}
        {onSave !== undefined && (
          <Button
            kind="quiet"
            data-testid="save-file"
            aria-label={text.receiving.saveFile(name)}
            onClick={onSave}
          >
            <Icon of={Download} />
          </Button>
        )}
      </span>
    </li>
  );
}
