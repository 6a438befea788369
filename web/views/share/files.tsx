import { useState } from "react";
import type { FileSnapshot } from "../../store/session.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Card } from "../parts/card.tsx";
import { WindowList } from "../parts/window-list.tsx";
import { ViewButton } from "../playing/view-button.tsx";
import { FileRow } from "./file-row.tsx";
import styles from "./files.module.css";
import { useFiles } from "./use-files.ts";
import { useSave } from "./use-save.ts";

/** A longer list opens on request: most folders are looked at from the top. */
const FIRST_SHOWN = 30;

/** What is in the share; before downloading one can choose, afterwards save one by one. */
export function Files({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { commands } = useActions();
  const fetched = useFiles(share);
  const [chosen, setChosen] = useState<readonly boolean[]>();
  const [isLong, setIsLong] = useState(false);
  const { saveOne, state: saveState } = useSave(share);
  if (fetched === undefined || fetched.length === 0 || isAllTold(share, fetched)) return null;

  const canChoose = share.stage === "offered" && fetched.length > 1;
  /** What was left out at first can still be asked for. */
  const canAdd = share.role === "receiver" && share.stage !== "stopped" && share.stage !== "failed";
  const wanted = chosen ?? fetched.map((file) => file.wanted);
  const choose = (flags: readonly boolean[]) => {
    setChosen(flags);
    commands.want(share.id, flags);
  };
  const shown = isLong ? fetched : fetched.slice(0, FIRST_SHOWN);
  const isAll = wanted.every(Boolean);

  return (
    <Card title={text.share.files} aside={text.share.contents(fetched.length, sizeOf(fetched))}>
      {canChoose && (
        <label className={styles.all}>
          <input
            type="checkbox"
            checked={isAll}
            ref={(box) => {
              if (box !== null) box.indeterminate = !isAll && wanted.some(Boolean);
            }}
            onChange={(event) => choose(wanted.map(() => event.target.checked))}
          />
          {text.receiving.chooseAll}
        </label>
      )}
      <WindowList
        items={shown}
        className={styles.list}
        row={(file, index, place) => (
          <FileRow
            key={file.path.join("/")}
            place={place}
            file={file}
            isWanted={wanted[index] ?? true}
            isArriving={share.role === "receiver"}
            viewButton={
              share.role === "receiver" && <ViewButton share={share.id} index={index} file={file} isSmall />
            }
            onWant={
              canChoose || (canAdd && wanted[index] === false)
                ? (want) => choose(wanted.with(index, want))
                : undefined
            }
            onSave={
              share.role === "receiver" && share.fileCount > 1 && file.wanted && file.have >= file.size
                ? () => saveOne(index, file.path.at(-1) ?? share.name)
                : undefined
            }
          />
        )}
      />
      {saveState?.type === "failed" && <p role="alert">{text.receiving.saveFailed}</p>}
      {shown.length < fetched.length && (
        <Button onClick={() => setIsLong(true)}>{text.share.showAllFiles(fetched.length)}</Button>
      )}
    </Card>
  );
}

/** A single file has its name and size at the head of the page already. */
function isAllTold(share: ShareView, files: readonly FileSnapshot[]): boolean {
  return files.length === 1 && files[0]?.path.join("/") === share.name;
}

function sizeOf(files: readonly FileSnapshot[]): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}
