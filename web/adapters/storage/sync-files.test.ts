import { describe, expect, test } from "vitest";
import { SyncFiles } from "./sync-files.ts";

/** Files that allow one handle at a time, as the browser does, and note what is done with them. */
class FakeDisk {
  readonly log: string[] = [];
  readonly #bytes = new Map<number, Uint8Array>();
  readonly #locked = new Set<number>();

  open = async (file: number): Promise<FileSystemSyncAccessHandle> => {
    await Promise.resolve();
    if (this.#locked.has(file)) throw new DOMException("locked", "NoModificationAllowedError");
    this.#locked.add(file);
    this.log.push(`open ${file}`);
    const bytes = this.#bytes.get(file) ?? new Uint8Array(8);
    this.#bytes.set(file, bytes);
    return {
      read: (into, { at }) => {
        into.set(bytes.subarray(at, at + into.length));
        return Math.min(into.length, bytes.length - at);
      },
      write: (from, { at }) => {
        bytes.set(from, at);
        return from.length;
      },
      getSize: () => bytes.length,
      truncate: () => {},
      flush: () => {
        this.log.push(`flush ${file}`);
      },
      close: () => {
        this.log.push(`close ${file}`);
        this.#locked.delete(file);
      },
    };
  };

  get openCount(): number {
    return this.#locked.size;
  }
}

const bytes = Uint8Array.of(1, 2, 3);

describe("SyncFiles", () => {
  test("opens a file once for many who want it at the same time", async () => {
    const disk = new FakeDisk();
    const files = new SyncFiles(disk.open, 4);
    await Promise.all([files.write(7, bytes, 2), files.write(7, bytes, 5), files.touch(7)]);
    const into = new Uint8Array(6);
    expect(await files.read(7, into, 2)).toBe(6);
    expect([...into]).toEqual([1, 2, 3, 1, 2, 3]);
    expect(disk.log).toEqual(["open 7"]);
  });

  test("closes the file used least lately to make room, flushed if it was written to", async () => {
    const disk = new FakeDisk();
    const files = new SyncFiles(disk.open, 2);
    await files.write(0, bytes, 0);
    await files.touch(1);
    await files.touch(0);
    await files.touch(2);
    await files.touch(3);
    expect(disk.log).toEqual(["open 0", "open 1", "open 2", "close 1", "open 3", "flush 0", "close 0"]);
    expect(disk.openCount).toBe(2);
  });

  test("many more files than may be open are used at the same time", async () => {
    const disk = new FakeDisk();
    const files = new SyncFiles(disk.open, 3);
    const all = Array.from({ length: 50 }, (_, file) => file);
    await Promise.all(all.map((file) => files.write(file, Uint8Array.of(file), 0)));
    const read = await Promise.all(
      all.map(async (file) => {
        const into = new Uint8Array(1);
        await files.read(file, into, 0);
        return into[0];
      }),
    );
    expect(read).toEqual(all);
    expect(disk.openCount).toBe(3);
  });

  test("flushes only what was written since the last time", async () => {
    const disk = new FakeDisk();
    const files = new SyncFiles(disk.open, 4);
    await files.write(0, bytes, 0);
    await files.write(1, bytes, 0);
    await files.touch(2);
    files.flush(0);
    files.flushAll();
    files.flushAll();
    expect(disk.log.slice(3)).toEqual(["flush 0", "flush 1"]);
  });

  test("a file that could not be opened is tried again at the next use", async () => {
    const disk = new FakeDisk();
    let isBroken = true;
    const files = new SyncFiles(async (file) => {
      if (isBroken) throw new Error("as told to");
      return disk.open(file);
    }, 4);
    await expect(files.touch(0)).rejects.toThrow("as told to");
    isBroken = false;
    await files.touch(0);
    expect(disk.log).toEqual(["open 0"]);
  });

  test("closing closes also what is just being opened, and nothing works afterwards", async () => {
    const disk = new FakeDisk();
    const files = new SyncFiles(disk.open, 4);
    await files.touch(0);
    const late = files.touch(1);
    const [, outcome] = await Promise.allSettled([files.close(), late]);
    expect(outcome.status).toBe("rejected");
    expect(disk.openCount).toBe(0);
    await expect(files.read(0, new Uint8Array(1), 0)).rejects.toThrow("closed");
  });
});
