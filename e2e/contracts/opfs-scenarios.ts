/** What the store in the origin private file system does beyond the contract of every piece store. */

import { openOpfsPieceStore } from "../../web/adapters/storage/opfs-piece-store.ts";
import { deleteOpfsShare, listOpfsShares, opfsAvailable } from "../../web/adapters/storage/opfs-shares.ts";
import { Bitfield } from "../../web/engine/bitfield.ts";
import { Geometry } from "../../web/engine/geometry.ts";
import { millis, type PieceIndex } from "../../web/engine/units.ts";
import type { Clock } from "../../web/ports/clock.ts";
import { PieceUnreadableError, StorageFailedError, StorageFullError } from "../../web/ports/piece-store.ts";

interface OpfsScenario {
  readonly title: string;
  play(): Promise<void>;
}

const KEY = "0f".repeat(32);
const PIECE_BYTES = 64 * 1024;
const geometry = new Geometry(PIECE_BYTES, [3 * PIECE_BYTES, 100]);
const content = new Uint8Array(PIECE_BYTES).fill(7);
const piece = (index: number) => index as PieceIndex;

/** A clock whose every pause is over as soon as `meanwhile` has run. */
function clockThat(meanwhile: () => void): Clock {
  return {
    now: () => millis(0),
    at: (_, callback) => {
      meanwhile();
      queueMicrotask(callback);
      return () => {};
    },
  };
}

const impatient = clockThat(() => {});

export const opfsScenarios: readonly OpfsScenario[] = [
  {
    title: "a share that is opened again has the pieces that it is said to have, and no others",
    async play() {
      const store = await openOpfsPieceStore(KEY, geometry, impatient);
      await store.write(piece(1), content);
      await store.close();
      const have = new Bitfield(geometry.pieceCount);
      have.set(1);
      const again = await openOpfsPieceStore(KEY, geometry, impatient, have);
      const bytes = await again.read(piece(1), 0, PIECE_BYTES);
      expect(bytes.length === PIECE_BYTES && bytes.every((byte) => byte === 7), "the bytes are kept");
      await expectRejects(again.read(piece(0), 0, 1), PieceUnreadableError);
      await again.destroy();
    },
  },
  {
    title: "pieces that the browser evicted are unreadable, and can be written again",
    async play() {
      const have = Bitfield.full(geometry.pieceCount);
      const store = await openOpfsPieceStore(KEY, geometry, impatient, have);
      await expectRejects(store.read(piece(1), 0, 1), PieceUnreadableError);
      await store.write(piece(1), content);
      expect((await store.read(piece(1), 5, 1))[0] === 7, "what was written again is read");
      expect(have.isFull, "the caller's own map stays as it is");
      await store.destroy();
    },
  },
  {
    title:
      "opening takes no room; wanted files get their whole length when they are reserved, others with a piece",
    async play() {
      const store = await openOpfsPieceStore(KEY, geometry, impatient);
      expect((await sizes(KEY)).size === 0, "nothing takes room yet");
      await store.reserve([false, true]);
      expect((await sizes(KEY)).get("1") === 100, "the wanted file has its length");
      expect(!(await sizes(KEY)).has("0"), "the other one takes no room");
      await store.write(piece(0), content);
      expect((await sizes(KEY)).get("0") === 3 * PIECE_BYTES, "the first piece brings the whole length");
      await store.destroy();
    },
  },
  {
    title: "a file that is no longer wanted gives back its room, up to its last piece that is there",
    async play() {
      const store = await openOpfsPieceStore(KEY, geometry, impatient);
      await store.reserve([true, true]);
      await store.write(piece(1), content);
      await store.reserve([false, false]);
      expect(
        (await sizes(KEY)).get("0") === 2 * PIECE_BYTES,
        "what lies behind the second piece is given back",
      );
      expect(!(await sizes(KEY)).has("1"), "a file without pieces is gone");
      expect((await store.read(piece(1), 5, 1))[0] === 7, "the piece is still there");
      await store.reserve(undefined);
      await store.write(piece(2), content);
      await store.write(piece(3), content.subarray(0, 100));
      expect((await store.read(piece(1), 5, 1))[0] === 7, "it is there when the file is wanted again");
      expect((await store.read(piece(3), 99, 1))[0] === 7, "and the deleted file can be written again");
      await store.destroy();
    },
  },
  {
    title: "a share whose end was cut off has the pieces before it, and no others",
    async play() {
      const cut = await openOpfsPieceStore(KEY, geometry, impatient);
      for (const index of [0, 1, 2]) await cut.write(piece(index), content);
      await cut.close();
      const file = await (await shareDirectory(KEY)).getFileHandle("0");
      const handle = await file.createSyncAccessHandle();
      handle.truncate(2 * PIECE_BYTES + 1);
      handle.close();
      const store = await openOpfsPieceStore(KEY, geometry, impatient, Bitfield.full(geometry.pieceCount));
      expect([...store.have].join() === "0,1", "the cut piece and the missing file are not had");
      await expectRejects(store.read(piece(2), 0, 1), PieceUnreadableError);
      expect((await store.read(piece(1), 5, 1))[0] === 7, "what lies before is there");
      await store.destroy();
    },
  },
  {
    title: "a share that does not fit is refused before it takes room",
    async play() {
      const { quota = 0 } = await navigator.storage.estimate();
      const huge = new Geometry(PIECE_BYTES, [PIECE_BYTES, Math.ceil(quota / PIECE_BYTES) * PIECE_BYTES]);
      const store = await openOpfsPieceStore(KEY, huge, impatient);
      await expectRejects(store.reserve(undefined), StorageFullError);
      expect((await sizes(KEY)).size === 0, "nothing takes room");
      await store.reserve([true, false]);
      await store.write(piece(0), content);
      await store.destroy();
    },
  },
  {
    title: "a share that another worker still holds is opened as soon as it lets go",
    async play() {
      const lock = await (
        await (await shareDirectory(KEY)).getFileHandle("0", { create: true })
      ).createSyncAccessHandle();
      let pauses = 0;
      const letsGo = clockThat(() => {
        if (++pauses === 2) lock.close();
      });
      const store = await openOpfsPieceStore(KEY, geometry, letsGo);
      await store.reserve(undefined);
      expect(pauses >= 2, "it waited");
      await store.write(piece(0), content);
      await store.destroy();
    },
  },
  {
    title: "a share that another worker never lets go of cannot be written or deleted",
    async play() {
      const lock = await (
        await (await shareDirectory(KEY)).getFileHandle("1", { create: true })
      ).createSyncAccessHandle();
      const store = await openOpfsPieceStore(KEY, geometry, impatient);
      await expectRejects(store.reserve(undefined), StorageFailedError);
      await expectRejects(store.write(piece(3), content.subarray(0, 100)), StorageFailedError);
      await expectRejects(deleteOpfsShare(KEY), StorageFailedError);
      lock.close();
      await store.destroy();
    },
  },
  {
    title: "shares are listed until they are deleted, and deleting one that is not there does no harm",
    async play() {
      const store = await openOpfsPieceStore(KEY, geometry, impatient);
      await store.close();
      expect((await listOpfsShares()).includes(KEY), "the share is listed");
      await deleteOpfsShare(KEY);
      expect(!(await listOpfsShares()).includes(KEY), "the deleted share is not listed");
      await deleteOpfsShare(KEY);
    },
  },
  {
    title: "trying whether files can be kept succeeds here and leaves nothing behind",
    async play() {
      const root = await navigator.storage.getDirectory();
      const before = (await namesIn(root)).join();
      expect(await opfsAvailable(), "this browser keeps files");
      expect((await namesIn(root)).join() === before, "nothing is left");
    },
  },
];

async function shareDirectory(key: string): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const shares = await root.getDirectoryHandle("shares", { create: true });
  return shares.getDirectoryHandle(key, { create: true });
}

/** Bytes of each file of the share. */
async function sizes(key: string): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for await (const [name, entry] of (await shareDirectory(key)).entries()) {
    if (entry instanceof FileSystemFileHandle) found.set(name, (await entry.getFile()).size);
  }
  return found;
}

async function namesIn(directory: FileSystemDirectoryHandle): Promise<string[]> {
  const names: string[] = [];
  for await (const name of directory.keys()) names.push(name);
  return names.sort();
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected that ${what}`);
}

async function expectRejects(
  promise: Promise<unknown>,
  expected: typeof PieceUnreadableError | typeof StorageFailedError | typeof StorageFullError,
): Promise<void> {
  const outcome = await promise.then(
    () => "success",
    (error: unknown) => error,
  );
  if (!(outcome instanceof expected)) throw new Error(`expected a ${expected.name}, got ${outcome}`);
}
