/**
 * The way back to files that a person dropped or picked, where the browser gave a handle of them (Chromium). A
 * worker can read through it once a page of the same origin was given leave again.
 */
import { ReadRefusedError } from "../../ports/library.ts";

/** Methods that the DOM library does not know. */
interface GuardedHandle {
  requestPermission?(options: { mode: "read" }): Promise<PermissionState>;
}

/**
 * Page side, from within a click: asks for leave to read, for one handle after the other until one is refused.
 * What came of it shows when they are read.
 */
export async function askToRead(handles: readonly unknown[]): Promise<void> {
  try {
    for (const handle of handles as readonly GuardedHandle[]) {
      const state = (await handle.requestPermission?.({ mode: "read" })) ?? "granted";
      if (state !== "granted") return;
    }
  } catch {
    // Not asked from within a click, or the file's folder is gone.
  }
}

/**
 * The file that the handle leads to, or that lies at this path below the folder that it leads to.
 *
 * @param path the folder's own name first.
 * @throws ReadRefusedError, and what the browser says when it is gone.
 */
export async function reopenFile(root: unknown, path: readonly string[]): Promise<File> {
  try {
    return await openFile(root, path);
  } catch (cause) {
    const isRefused = cause instanceof DOMException && cause.name === "NotAllowedError";
    throw isRefused ? new ReadRefusedError("Reading was not allowed.", { cause }) : cause;
  }
}

async function openFile(root: unknown, path: readonly string[]): Promise<File> {
  if (root instanceof FileSystemFileHandle) return root.getFile();
  if (!(root instanceof FileSystemDirectoryHandle)) throw new Error("There is no handle.");
  let folder = root;
  for (const name of path.slice(1, -1)) folder = await folder.getDirectoryHandle(name);
  return (await folder.getFileHandle(path.at(-1) ?? "")).getFile();
}
