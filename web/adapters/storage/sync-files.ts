/**
 * The files of one share, each opened when it is needed.
 *
 * Invariants
 *  1. At most `capacity` files stay open: a share may have 10,000, and a process has few file descriptors.
 *  2. A file is opened once at a time, because a second handle on it is refused.
 *  3. What was written to a file is flushed before it is closed to make room.
 */
export class SyncFiles {
  readonly #open: (file: number) => Promise<FileSystemSyncAccessHandle>;
  readonly #capacity: number;
  /** The one used last comes last. */
  readonly #handles = new Map<number, FileSystemSyncAccessHandle>();
  readonly #opening = new Map<number, Promise<void>>();
  readonly #unflushed = new Set<number>();
  #closed = false;

  constructor(open: (file: number) => Promise<FileSystemSyncAccessHandle>, capacity: number) {
    this.#open = open;
    this.#capacity = capacity;
  }

  /** Opens the file if it is not open. */
  touch(file: number): Promise<void> {
    return this.use(file, () => {});
  }

  /** @returns how many bytes were read into `into`. */
  read(file: number, into: Uint8Array, at: number): Promise<number> {
    return this.use(file, (handle) => handle.read(into, { at }));
  }

  /** @returns how many bytes were written. */
  write(file: number, bytes: Uint8Array, at: number): Promise<number> {
    return this.use(file, (handle) => {
      this.#unflushed.add(file);
      return handle.write(bytes, { at });
    });
  }

  flush(file: number): void {
    if (!this.#unflushed.has(file)) return;
    this.#handles.get(file)?.flush();
    this.#unflushed.delete(file);
  }

  flushAll(): void {
    for (const file of this.#unflushed) this.flush(file);
  }

  /** Closes one file without flushing it, so that it can be deleted; it is opened again when it is needed. */
  async closeFile(file: number): Promise<void> {
    await this.#opening.get(file);
    this.#handles.get(file)?.close();
    this.#handles.delete(file);
    this.#unflushed.delete(file);
  }

  /** Closes all files without flushing them; afterwards every call fails. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#opening.values());
    for (const handle of this.#handles.values()) handle.close();
    this.#handles.clear();
    this.#unflushed.clear();
  }

  /** `use` runs in the turn in which the handle was found open, so nothing can close it in between. */
  async use<Value>(file: number, use: (handle: FileSystemSyncAccessHandle) => Value): Promise<Value> {
    for (;;) {
      if (this.#closed) throw new Error("The files are closed.");
      const handle = this.#handles.get(file);
      if (handle !== undefined) {
        this.#handles.delete(file);
        this.#handles.set(file, handle);
        return use(handle);
      }
      await this.#opened(file);
    }
  }

  #opened(file: number): Promise<void> {
    const underWay = this.#opening.get(file);
    if (underWay !== undefined) return underWay;
    const opening = this.#openNow(file).finally(() => this.#opening.delete(file));
    this.#opening.set(file, opening);
    return opening;
  }

  async #openNow(file: number): Promise<void> {
    const handle = await this.#open(file);
    this.#handles.set(file, handle);
    // `close` waits for us and closes this one too.
    for (const [oldest, oldestHandle] of this.#handles) {
      if (this.#handles.size <= this.#capacity) return;
      this.flush(oldest);
      oldestHandle.close();
      this.#handles.delete(oldest);
    }
  }
}
