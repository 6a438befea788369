import { millis, type PieceIndex } from "../engine/units.ts";
import type { Clock } from "./clock.ts";
import {
  type PieceStore,
  PieceUnreadableError,
  StorageFailedError,
  StorageFullError,
} from "./piece-store.ts";

export type StorageFault =
  /** Every call takes this much longer. */
  | { readonly type: "slow"; readonly clock: Clock; readonly delayMs: number }
  /** One bit of everything that is read is wrong, as on a failing disk. */
  | { readonly type: "corrupting" }
  /** There is room for this many bytes. */
  | { readonly type: "full"; readonly afterBytes: number }
  /** The n-th call of this kind (counted from 1) fails, and only that one. */
  | { readonly type: "failing"; readonly call: "read" | "write" | "flush" | "file"; readonly nth: number };

/** A store with one fault, for tests. Faults add up by decorating again. */
export class FaultyPieceStore implements PieceStore {
  readonly kind;
  readonly #inner: PieceStore;
  readonly #fault: StorageFault;
  #calls = 0;
  #writtenBytes = 0;

  constructor(inner: PieceStore, fault: StorageFault) {
    this.kind = inner.kind;
    this.#inner = inner;
    this.#fault = fault;
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    await this.#before("read");
    const bytes = await this.#inner.read(piece, begin, length);
    if (this.#fault.type === "corrupting") bytes[0] = (bytes[0] ?? 0) ^ 1;
    return bytes;
  }

  reserve(wanted: readonly boolean[] | undefined): Promise<void> {
    return this.#inner.reserve(wanted);
  }

  async write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    await this.#before("write");
    if (this.#fault.type === "full" && this.#writtenBytes + bytes.length > this.#fault.afterBytes) {
      throw new StorageFullError("There is no room left, as told to.");
    }
    this.#writtenBytes += bytes.length;
    return this.#inner.write(piece, bytes);
  }

  async flush(): Promise<void> {
    await this.#before("flush");
    return this.#inner.flush();
  }

  async file(index: number): Promise<Blob> {
    await this.#before("file");
    return this.#inner.file(index);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  destroy(): Promise<void> {
    return this.#inner.destroy();
  }

  async #before(call: "read" | "write" | "flush" | "file"): Promise<void> {
    const fault = this.#fault;
    if (fault.type === "slow") {
      await new Promise<void>((resolve) =>
        fault.clock.at(millis(fault.clock.now() + fault.delayMs), resolve),
      );
    }
    if (fault.type === "failing" && fault.call === call && ++this.#calls === fault.nth) {
      const message = `This is ${call} number ${fault.nth}, which fails as told to.`;
      if (call === "read" || call === "file") throw new PieceUnreadableError(message);
      throw new StorageFailedError(message);
    }
  }
}
