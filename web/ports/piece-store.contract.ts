/**
 * What every implementation of `PieceStore` must do, as scenarios that need no test framework: the memory store
 * and the fault decorators play them in Node, OPFS in a worker of a real browser.
 */
import { Geometry } from "../engine/geometry.ts";
import { type PieceIndex, pieceIndex } from "../engine/units.ts";
import { type PieceStore, PieceUnreadableError, StorageFailedError } from "./piece-store.ts";

/** Opens the store of one share; called again only after the store was closed or destroyed. */
export type OpenPieceStore = (geometry: Geometry) => Promise<PieceStore>;

export interface PieceStoreScenario {
  readonly title: string;
  /** `open` must lead to a store that no other scenario has used. */
  play(open: OpenPieceStore): Promise<void>;
}

const KIB = 1024;
const PIECE_BYTES = 64 * KIB;

export const pieceStoreScenarios: readonly PieceStoreScenario[] = [
  {
    title: "what was written is read back byte for byte, whatever the order",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        const pieces = piecesOf(geometry).reverse();
        for (const piece of pieces) await store.write(piece, pieceContent(geometry, piece));
        for (const piece of pieces) await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "any range of a piece can be read",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        await writeAll(store, geometry);
        for (const piece of piecesOf(geometry)) {
          const content = pieceContent(geometry, piece);
          const middle = content.length >> 1;
          for (const [begin, end] of [
            [0, 1],
            [middle, content.length],
            [content.length - 1, content.length],
          ]) {
            const bytes = await store.read(piece, begin ?? 0, (end ?? 0) - (begin ?? 0));
            expectSame(bytes, content.subarray(begin, end), `piece ${piece} from ${begin} to ${end}`);
          }
        }
      });
    },
  },
  {
    title: "whoever read bytes may change them: the store does not see it",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        await writeAll(store, geometry);
        const piece = first(geometry);
        (await store.read(piece, 0, geometry.pieceBytes(piece))).fill(0);
        await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "bytes that change after they were written do not change what is stored",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        const piece = first(geometry);
        const bytes = pieceContent(geometry, piece);
        await store.write(piece, bytes);
        bytes.fill(0);
        await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "a piece that lies within a larger buffer is stored alone",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        const piece = first(geometry);
        const content = pieceContent(geometry, piece);
        const around = new Uint8Array(content.length + 200).fill(0xaa);
        around.set(content, 100);
        await store.write(piece, around.subarray(100, 100 + content.length));
        await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "pieces written and read at the same time do not disturb each other",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        await Promise.all(
          piecesOf(geometry).map(async (piece) => {
            await store.write(piece, pieceContent(geometry, piece));
            await expectPiece(store, geometry, piece);
          }),
        );
        for (const piece of piecesOf(geometry)) await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "a piece written twice is what was written last",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        const piece = first(geometry);
        await store.write(piece, new Uint8Array(geometry.pieceBytes(piece)));
        await store.write(piece, pieceContent(geometry, piece));
        await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "a piece that was never written is unreadable, also when its neighbours are there",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        const [missing, ...others] = piecesOf(geometry);
        for (const piece of others) await store.write(piece, pieceContent(geometry, piece));
        if (missing === undefined) throw new Error("the scenario needs pieces");
        await expectRejects(store.read(missing, 0, 1), PieceUnreadableError, "reading a missing piece");
        await expectRejects(store.file(0), PieceUnreadableError, "saving an incomplete file");
      });
    },
  },
  {
    title: "each file comes out whole, the empty ones too, while the store goes on working",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        await writeAll(store, geometry);
        const files = await Promise.all(geometry.fileLengths.map((_, index) => store.file(index)));
        await expectPiece(store, geometry, first(geometry));
        for (const [index, file] of files.entries()) {
          expectSame(new Uint8Array(await file.arrayBuffer()), fileContent(geometry, index), `file ${index}`);
        }
      });
    },
  },
  {
    title:
      "[BEP 3] pieces that hold parts of several files come out as what was written, and so do the files",
    async play(open) {
      await withStore(open, stream, async (store, geometry) => {
        await writeAll(store, geometry);
        for (const piece of piecesOf(geometry)) await expectPiece(store, geometry, piece);
        const acrossFiles = await store.read(first(geometry), 90, 40);
        expectSame(acrossFiles, pieceContent(geometry, first(geometry)).subarray(90, 130), "a range");
        for (const index of geometry.fileLengths.keys()) {
          const file = new Uint8Array(await (await store.file(index)).arrayBuffer());
          expectSame(file, fileContent(geometry, index), `file ${index}`);
        }
      });
    },
  },
  {
    title: "a complete file can be taken while others are still being written",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        const pieces = piecesOf(geometry);
        const ofFirst = pieces.filter((piece) => geometry.fileOf(piece) === 0);
        for (const piece of ofFirst) await store.write(piece, pieceContent(geometry, piece));
        const file = await store.file(0);
        for (const piece of pieces.slice(ofFirst.length))
          await store.write(piece, pieceContent(geometry, piece));
        expectSame(new Uint8Array(await file.arrayBuffer()), fileContent(geometry, 0), "file 0");
      });
    },
  },
  {
    title: "flushing changes nothing, before, between and after writes",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        await store.flush();
        for (const piece of piecesOf(geometry)) {
          await Promise.all([store.write(piece, pieceContent(geometry, piece)), store.flush()]);
        }
        await store.flush();
        for (const piece of piecesOf(geometry)) await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "hundreds of files are written and read in any order",
    async play(open) {
      const manyFiles = new Geometry(
        16 * KIB,
        Array.from({ length: 200 }, (_, index) => 1 + ((index * 997) % 40_000)),
      );
      await withStore(open, manyFiles, async (store, geometry) => {
        const pieces = scattered(piecesOf(geometry));
        for (let i = 0; i < pieces.length; i += 8) {
          await Promise.all(
            pieces.slice(i, i + 8).map((piece) => store.write(piece, pieceContent(geometry, piece))),
          );
        }
        await store.flush();
        for (const piece of scattered(pieces)) await expectPiece(store, geometry, piece);
      });
    },
  },
  {
    title: "a closed store neither reads nor writes",
    async play(open) {
      await withStore(open, folder, async (store, geometry) => {
        await writeAll(store, geometry);
        await store.close();
        const piece = first(geometry);
        await expectRejects(store.read(piece, 0, 1), PieceUnreadableError, "reading after close");
        const writing = store.write(piece, pieceContent(geometry, piece));
        await expectRejects(writing, StorageFailedError, "writing after close");
      });
    },
  },
  {
    title: "nothing is left of a destroyed store, also when it was closed before",
    async play(open) {
      for (const closeFirst of [false, true]) {
        const store = await open(folder);
        await writeAll(store, folder);
        if (closeFirst) await store.close();
        await store.destroy();
        await withStore(open, folder, async (again, geometry) => {
          for (const piece of piecesOf(geometry)) {
            await expectRejects(again.read(piece, 0, 1), PieceUnreadableError, "reading what was destroyed");
          }
        });
      }
    },
  },
];

/** Two pieces and a bit, an empty file, exactly one piece, one byte, an empty file at the end. */
const folder = new Geometry(PIECE_BYTES, [2 * PIECE_BYTES + 12_345, 0, PIECE_BYTES, 1, 0]);

/** A v1 torrent: several files in the first piece, one over three pieces, pieces of an odd length. */
const stream = new Geometry(50_001, [100, 0, 20, 120_000, 7], {
  offsets: [0, 100, 100, 120, 120_120],
  streamLength: 120_127,
});

async function withStore(
  open: OpenPieceStore,
  geometry: Geometry,
  use: (store: PieceStore, geometry: Geometry) => Promise<void>,
): Promise<void> {
  const store = await open(geometry);
  try {
    await use(store, geometry);
  } finally {
    await store.destroy();
  }
}

function piecesOf(geometry: Geometry): PieceIndex[] {
  const pieces: PieceIndex[] = [];
  for (let index = 0; index < geometry.pieceCount; index++) {
    const piece = pieceIndex(index, geometry.pieceCount);
    if (piece !== undefined) pieces.push(piece);
  }
  return pieces;
}

function first(geometry: Geometry): PieceIndex {
  const [piece] = piecesOf(geometry);
  if (piece === undefined) throw new Error("the scenario needs pieces");
  return piece;
}

/** The same pieces in an order in which neighbours are far apart. */
function scattered(pieces: readonly PieceIndex[]): PieceIndex[] {
  return pieces.toSorted((a, b) => ((a * 7919) % 1009) - ((b * 7919) % 1009));
}

/** Bytes that tell every place in the torrent from every other; never all zero. */
function pieceContent(geometry: Geometry, piece: PieceIndex): Uint8Array {
  const bytes = new Uint8Array(geometry.pieceBytes(piece));
  for (let i = 0; i < bytes.length; i++) bytes[i] = 1 + ((i + (i >> 8) * 31 + piece * 101) % 255);
  return bytes;
}

function fileContent(geometry: Geometry, file: number): Uint8Array {
  const content = new Uint8Array(geometry.fileLengths[file] ?? 0);
  for (const piece of piecesOf(geometry)) {
    const bytes = pieceContent(geometry, piece);
    for (const part of geometry.parts(piece)) {
      const { offsetInPiece, offsetInFile, length } = part;
      if (part.file === file)
        content.set(bytes.subarray(offsetInPiece, offsetInPiece + length), offsetInFile);
    }
  }
  return content;
}

async function writeAll(store: PieceStore, geometry: Geometry): Promise<void> {
  for (const piece of piecesOf(geometry)) await store.write(piece, pieceContent(geometry, piece));
}

async function expectPiece(store: PieceStore, geometry: Geometry, piece: PieceIndex): Promise<void> {
  const bytes = await store.read(piece, 0, geometry.pieceBytes(piece));
  expectSame(bytes, pieceContent(geometry, piece), `piece ${piece}`);
}

function expectSame(bytes: Uint8Array, expected: Uint8Array, what: string): void {
  const same = bytes.length === expected.length && bytes.every((byte, i) => byte === expected[i]);
  if (!same) throw new Error(`contract of PieceStore broken: ${what} is not what was written`);
}

async function expectRejects(
  promise: Promise<unknown>,
  expected: typeof PieceUnreadableError | typeof StorageFailedError,
  what: string,
): Promise<void> {
  const outcome = await promise.then(
    () => "nothing",
    (error: unknown) => error,
  );
  if (!(outcome instanceof expected)) {
    throw new Error(`contract of PieceStore broken: ${what} must fail with ${expected.name}, got ${outcome}`);
  }
}
