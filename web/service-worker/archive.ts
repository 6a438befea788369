/**
 * Files as one archive (APPNOTE 6.3), and how long it is going to be.
 *
 * The library that writes it turns to ZIP64 for large files alone: where there are merely too many of them for the
 * 16 bits of the old end record, the end record of ZIP64 (4.3.14) and its locator (4.3.15) are put in here. Without
 * them unzip takes such an archive for a broken one.
 */
import { makeZip, predictLength } from "client-zip";

/** What is known of a file before its bytes are. */
export interface ArchiveEntry {
  readonly path: string;
  readonly size: number;
}

type Files = Parameters<typeof makeZip>[0];

/** From here on a number stands for "see the ZIP64 record". */
const COUNT_LIMIT = 0xffff;
const SIZE_LIMIT = 0xffffffff;
/** Of a file beside its name and its bytes: its header and what follows its bytes. */
const LOCAL_BYTES = 46;
const END_BYTES = 76;
const VERSION_OF_ZIP64 = 45;

/** @param files as many as `entries`, in their order. */
export function makeArchive(files: Files, entries: readonly ArchiveEntry[]): ReadableStream<Uint8Array> {
  const zip = makeZip(files, { buffersAreUTF8: true });
  return lacksEnd(entries) ? zip.pipeThrough(new TransformStream(endPutIn(entries.length))) : zip;
}

/** Bytes. */
export function archiveLength(entries: readonly ArchiveEntry[]): number {
  const length = predictLength(entries.map(({ path, size }) => ({ name: path, size })));
  return Number(length) + (lacksEnd(entries) ? END_BYTES : 0);
}

function lacksEnd(entries: readonly ArchiveEntry[]): boolean {
  if (entries.length < COUNT_LIMIT || entries.some(({ size }) => size >= SIZE_LIMIT)) return false;
  const encoder = new TextEncoder();
  const bytesOf = ({ path, size }: ArchiveEntry) => LOCAL_BYTES + encoder.encode(path).length + size;
  return entries.reduce((sum, entry) => sum + bytesOf(entry), 0) < SIZE_LIMIT;
}

/** The old end record is the last chunk: the new one goes before it. */
function endPutIn(count: number): Transformer<Uint8Array, Uint8Array> {
  let held: Uint8Array | undefined;
  return {
    transform(chunk, controller) {
      if (held !== undefined) controller.enqueue(held);
      held = chunk;
    },
    flush(controller) {
      if (held === undefined) return;
      controller.enqueue(endOf(held, count));
      controller.enqueue(held);
    },
  };
}

/** The ZIP64 end record and its locator, from the old one. */
function endOf(oldEnd: Uint8Array, count: number): Uint8Array {
  const old = new DataView(oldEnd.buffer, oldEnd.byteOffset, oldEnd.byteLength);
  const directoryBytes = BigInt(old.getUint32(12, true));
  const directoryAt = BigInt(old.getUint32(16, true));
  const end = new DataView(new ArrayBuffer(END_BYTES));
  end.setUint32(0, 0x504b0606);
  end.setBigUint64(4, 44n, true);
  end.setUint16(12, VERSION_OF_ZIP64, true);
  end.setUint16(14, VERSION_OF_ZIP64, true);
  end.setBigUint64(24, BigInt(count), true);
  end.setBigUint64(32, BigInt(count), true);
  end.setBigUint64(40, directoryBytes, true);
  end.setBigUint64(48, directoryAt, true);
  end.setUint32(56, 0x504b0607);
  end.setBigUint64(64, directoryAt + directoryBytes, true);
  end.setUint32(72, 1, true);
  return new Uint8Array(end.buffer);
}
