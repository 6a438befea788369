/**
 * Choosing files by the browser's pickers (Chromium), which give handles: with them the next tab can go on sharing
 * in one click. Elsewhere a hidden `<input>` does.
 */
import type { ChosenFile } from "../../store/session.ts";

/** Pickers that the DOM library does not know. */
interface Pickers {
  showOpenFilePicker?(options: { id: string; multiple: boolean }): Promise<readonly FileSystemFileHandle[]>;
  showDirectoryPicker?(options: { id: string; mode: "read" }): Promise<FileSystemDirectoryHandle>;
}

/** One folder is remembered by the browser for what is shared. */
const ID = "shoal-share";

/**
 * Called from within a click.
 *
 * @returns what was chosen, nothing when the person called it off; undefined where there is no such picker.
 */
export function pickFiles(of: "files" | "folder"): Promise<readonly ChosenFile[]> | undefined {
  const pickers = window as Pickers;
  const picking =
    of === "files"
      ? pickers.showOpenFilePicker?.({ id: ID, multiple: true }).then(filesOf)
      : pickers.showDirectoryPicker?.({ id: ID, mode: "read" }).then(folderOf);
  return picking?.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    throw error;
  });
}

function filesOf(handles: readonly FileSystemFileHandle[]): Promise<readonly ChosenFile[]> {
  return Promise.all(
    handles.map(async (root) => {
      const file = await root.getFile();
      return { file, path: [file.name], root };
    }),
  );
}

async function folderOf(root: FileSystemDirectoryHandle): Promise<readonly ChosenFile[]> {
  const chosen: ChosenFile[] = [];
  const walk = async (folder: FileSystemDirectoryHandle, path: readonly string[]) => {
    for await (const entry of folder.values()) {
      const inside = [...path, entry.name];
      if (entry instanceof FileSystemDirectoryHandle) await walk(entry, inside);
      else if (entry instanceof FileSystemFileHandle)
        chosen.push({ file: await entry.getFile(), path: inside, root });
    }
  };
  await walk(root, [root.name]);
  return chosen;
}
