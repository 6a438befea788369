/**
 * What a dedicated worker has for files of the origin private file system (WHATWG File System Standard). The
 * DOM library leaves it out, and the worker library cannot stand beside it.
 */
interface FileSystemSyncAccessHandle {
  /** @returns how many bytes were read; fewer than asked for at the end of the file. */
  read(into: Uint8Array, options: { at: number }): number;
  /** @returns how many bytes were written. */
  write(bytes: Uint8Array, options: { at: number }): number;
  getSize(): number;
  truncate(length: number): void;
  flush(): void;
  close(): void;
}

interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>;
}
