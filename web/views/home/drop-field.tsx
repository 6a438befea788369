import { FolderOpen } from "lucide-react";
import { useRef } from "react";
import { useText } from "../app-context.tsx";
import { HiddenInput } from "../dropping/hidden-input.tsx";
import { useShareFiles } from "../dropping/use-share-files.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import styles from "./drop-field.module.css";
import { DropFieldFish } from "./drop-field-fish.tsx";
import { ShareOptions } from "./share-options.tsx";

/** Where sharing begins. Drops themselves are taken by the whole page. */
export function DropField() {
  const text = useText();
  const { shareFiles, choose } = useShareFiles();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  return (
    <div className={styles.field}>
      <div className={styles.middle}>
        <DropFieldFish />
        <p className={styles.invitation}>
          <span className={styles.forMouse}>{text.home.drop}</span>
          <span className={styles.forTouch}>{text.home.tap}</span>
        </p>
        <div className={styles.buttons}>
          <Button
            kind="primary"
            size="large"
            data-testid="choose-files"
            onClick={() => choose("files", files.current)}
          >
            {text.home.chooseFiles}
          </Button>
          <Button
            kind="quiet"
            data-testid="choose-folder"
            onClick={() => choose("folder", folder.current)}
            className={styles.folder}
          >
            <Icon of={FolderOpen} />
            {text.home.chooseFolder}
          </Button>
        </div>
        <p className={styles.paste}>{text.home.orPaste}</p>
      </div>
      <ShareOptions />
      <HiddenInput input={files} of="files" onChosen={shareFiles} />
      <HiddenInput input={folder} of="folder" onChosen={shareFiles} />
    </div>
  );
}
