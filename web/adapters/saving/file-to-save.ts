/** What every way of saving begins with and says. */

/** A complete file, read when its turn comes. */
export interface FileToSave {
  /** Untrusted components below the share's own folder, at least one. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly size: number;
  read(): Promise<Blob>;
}

/** @param fraction 0 … 1 of all bytes that are saved together. */
export type OnProgress = (fraction: number) => void;

export function totalBytes(files: readonly FileToSave[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
