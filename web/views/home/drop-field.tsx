import { FolderOpen } from "lucide-react";
import { type ChangeEvent, useRef } from "react";
import { useText } from "../app-context.tsx";
import { fromInput } from "../dropping/read-drop.ts";
import { useShareFiles } from "../dropping/use-share-files.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import styles from "./drop-field.module.css";
import { DropFieldFish } from "./drop-field-fish.tsx";
import { ShareOptions } from "./share-options.tsx";

/** Not a standard attribute, so that React's types do not know it; every browser does. */
const CHOOSES_FOLDERS = { webkitdirectory: "" };

/** Where sharing begins. Drops themselves are taken by the whole page. */
export function DropField() {
  const text = useText();
  const { shareFiles } = useShareFiles();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = fromInput(event.target.files ?? []);
    // The same files can be chosen again at once.
    event.target.value = "";
    if (chosen.length > 0) shareFiles(chosen);
  };

  return (
    <div className={styles.field}>
      <div className={styles.middle}>
        <DropFieldFish />
        <p className={styles.invitation}>
          <span className={styles.forMouse}>{text.home.drop}</span>
          <span className={styles.forTouch}>{text.home.tap}</span>
        </p>
        <div className={styles.buttons}>
          <Button kind="primary" size="large" onClick={() => files.current?.click()}>
            {text.home.chooseFiles}
          </Button>
          <Button kind="quiet" onClick={() => folder.current?.click()} className={styles.folder}>
            <Icon of={FolderOpen} />
            {text.home.chooseFolder}
          </Button>
        </div>
        <p className={styles.paste}>{text.home.orPaste}</p>
      </div>
      <ShareOptions />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-testid="file-input"
        aria-label={text.home.chooseFiles}
        onChange={choose}
      />
      <input
        ref={folder}
        type="file"
        {...CHOOSES_FOLDERS}
        hidden
        data-testid="folder-input"
        aria-label={text.home.chooseFolder}
        onChange={choose}
      />
    </div>
  );
}
