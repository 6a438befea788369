/** What the store in the origin private file system does beyond the contract of every piece store. */

import { openOpfsPieceStore } from "../../web/adapters/storage/opfs-piece-store.ts";
import { deleteOpfsShare, listOpfsShares, opfsAvailable } from "../../web/adapters/storage/opfs-shares.ts";
import { Bitfield } from "../../web/engine/bitfield.ts";
import { Geometry } from "../../web/engine/geometry.ts";
import { millis, type PieceIndex } from "../../web/engine/units.ts";
import type { Clock } from "../../web/ports/clock.ts";
import { PieceUnreadableError, StorageFailedError } from "../../web/ports/piece-store.ts";

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
      const again = await openOpfsPieceStore(KEY, geometry, impatient, { have });
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
      const store = await openOpfsPieceStore(KEY, geometry, impatient, { have });
      await expectRejects(store.read(piece(1), 0, 1), PieceUnreadableError);
      await store.write(piece(1), content);
      expect((await store.read(piece(1), 5, 1))[0] === 7, "what was written again is read");
      expect(have.isFull, "the caller's own map stays as it is");
      await store.destroy();
    },
  },
  {
    title: "files get their whole length before the first piece, those that are not wanted only with it",
    async play() {
      const store = await openOpfsPieceStore(KEY, geometry, impatient, { wanted: [false, true] });
      expect((await fileNames(KEY)).join() === "1", "only the wanted file takes room");
      await store.write(piece(0), content);
      await store.close();
      const share = await shareDirectory(KEY);
      const { size } = await (await share.getFileHandle("0")).getFile();
      expect(size === geometry.fileLengths[0], "the first piece brings the whole length");
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
      expect(pauses >= 2, "it waited");
      await store.write(piece(0), content);
      await store.destroy();
    },
  },
  {
    title: "a share that another worker never lets go of cannot be opened or deleted",
    async play() {
      const lock = await (
        await (await shareDirectory(KEY)).getFileHandle("1", { create: true })
      ).createSyncAccessHandle();
      await expectRejects(openOpfsPieceStore(KEY, geometry, impatient), StorageFailedError);
      await expectRejects(deleteOpfsShare(KEY), StorageFailedError);
      lock.close();
      await (
        await openOpfsPieceStore(
          KEY,
          geometry,
          clockThat(() => {}),
        )
      ).destroy();
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

async function fileNames(key: string): Promise<string[]> {
  return namesIn(await shareDirectory(key));
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
  expected: typeof PieceUnreadableError | typeof StorageFailedError,
): Promise<void> {
  const outcome = await promise.then(
    () => "success",
    (error: unknown) => error,
  );
  if (!(outcome instanceof expected)) throw new Error(`expected a ${expected.name}, got ${outcome}`);
}
