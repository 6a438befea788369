import { openTorrents } from "../../store/opening.ts";
import { useActions, useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import styles from "../share/remove-dialog.module.css";
import { useShareFiles } from "./use-share-files.ts";

/** A .torrent was dropped, pasted or chosen: it may be meant as what it leads to, or as a file like any other. */
export function TorrentQuestion({ files }: { readonly files: readonly File[] }) {
  const text = useText();
  const store = useAppStore();
  const { commands } = useActions();
  const { shareFilesAsTheyAre } = useShareFiles();
  const answer = (act: () => void) => () => {
    store.askAboutTorrents([]);
    act();
  };
  return (
    <Dialog title={text.torrent.title(files.length)} isOpen onClose={answer(() => {})}>
      <p>{files.map(({ name }) => name).join(", ")}</p>
      <div className={styles.ways}>
        <Button
          data-testid="share-torrent-file"
          onClick={answer(() => shareFilesAsTheyAre(files.map((file) => ({ file, path: [file.name] }))))}
        >
          {text.torrent.share(files.length)}
        </Button>
        <Button
          kind="primary"
          data-testid="open-torrent"
          onClick={answer(() => void openTorrents(store, commands, files))}
        >
          {text.torrent.open(files.length)}
        </Button>
      </div>
    </Dialog>
  );
}
