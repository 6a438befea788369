/** What the person reads about an error of the environment; a cause that nobody foresaw is our own bug. */
import { ReadRefusedError } from "../../ports/library.ts";
import {
  PieceUnreadableError,
  StorageFailedError,
  StorageFullError,
  TooLargeForMemoryError,
} from "../../ports/piece-store.ts";
import { FileChangedError } from "../keeping/reopen.ts";
import type { Problem } from "../snapshot.ts";
import { NothingToShareError } from "../torrents/publish.ts";

/** @param fileName whose bytes were being read, if any were. */
export function problemOf(error: unknown, fileName = ""): Problem {
  if (error instanceof StorageFullError) return { code: "storage-full" };
  if (error instanceof TooLargeForMemoryError)
    return { code: "too-large-for-memory", limit: error.limitBytes };
  if (error instanceof StorageFailedError) return { code: "storage-refused" };
  if (error instanceof FileChangedError) return { code: "file-changed", name: error.fileName };
  if (error instanceof PieceUnreadableError) return { code: "file-changed", name: fileName };
  if (error instanceof ReadRefusedError) return { code: "read-refused" };
  if (error instanceof NothingToShareError) return { code: "nothing-to-share" };
  return { code: "internal" };
}
