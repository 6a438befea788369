/**
 * The way back to files that a person dropped or picked, where the browser gave a handle of them (Chromium). A
 * worker can read through it once a page of the same origin was given leave again.
 */

/** Methods that the DOM library does not know. */
interface GuardedHandle {
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

/**
 * Page side, from within a click: asks for leave to read, once for each handle.
 *
 * @returns whether all of them may be read.
 */
export async function askToRead(handles: readonly unknown[]): Promise<boolean> {
  try {
    for (const handle of handles as readonly GuardedHandle[]) {
      if ((await handle.requestPermission?.({ mode: "read" })) === "denied") return false;
    }
    return true;
  } catch {
    // Not asked from within a click, or the file's folder is gone.
    return false;
  }
}

/**
 * The file that the handle leads to, or that lies at this path below the folder that it leads to.
 *
 * @param path the folder's own name first.
 */
export async function reopenFile(root: unknown, path: readonly string[]): Promise<File> {
  if (root instanceof FileSystemFileHandle) return root.getFile();
  if (!(root instanceof FileSystemDirectoryHandle)) throw new Error("There is no handle.");
  let folder = root;
  for (const name of path.slice(1, -1)) folder = await folder.getDirectoryHandle(name);
  return (await folder.getFileHandle(path.at(-1) ?? "")).getFile();
}
