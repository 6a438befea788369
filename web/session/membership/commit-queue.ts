/**
 * Pieces on their way to the disk: hashed, compared and stored, a few at once.
 *
 * Invariant: every commit has one outcome, whatever the disk does, unless it is forgotten.
 */
import type { Input, Output } from "../../engine/io.ts";
import { COMMITS_AT_ONCE } from "../limits.ts";
import { type CheckingPorts, checkPiece } from "../verifying/check-piece.ts";
import type { PieceStorage } from "./piece-storage.ts";

export type Commit = Extract<Output, { type: "commit" }>;
type Committed = Extract<Input, { type: "piece-committed" }>;

export interface CommitEvents {
  onCommitted(outcome: Committed): void;
  /** A piece that is right could not be stored. */
  onFailed(error: unknown): void;
}

export class CommitQueue {
  readonly #storage: Pick<PieceStorage, "write">;
  readonly #ports: CheckingPorts;
  readonly #events: CommitEvents;
  readonly #waiting: Commit[] = [];
  #runningCount = 0;

  constructor(storage: Pick<PieceStorage, "write">, ports: CheckingPorts, events: CommitEvents) {
    this.#storage = storage;
    this.#ports = ports;
    this.#events = events;
  }

  push(order: Commit): void {
    this.#waiting.push(order);
    this.#start();
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.#waiting.length = 0;
  }

  #start(): void {
    while (this.#runningCount < COMMITS_AT_ONCE) {
      const order = this.#waiting.shift();
      if (order === undefined) return;
      this.#runningCount++;
      void this.#commit(order).then((outcome) => {
        this.#runningCount--;
        this.#events.onCommitted(outcome);
        this.#start();
      });
    }
  }

  /** Never rejects. */
  async #commit({ piece, bytes, check }: Commit): Promise<Committed> {
    try {
      const { verdict, leaves } = await checkPiece(bytes, check, this.#ports);
      if (verdict === "contradictory") return { type: "piece-committed", piece, result: verdict };
      if (verdict === "corrupt") return { type: "piece-committed", piece, result: verdict, leaves };
      await this.#storage.write(piece, bytes);
      return { type: "piece-committed", piece, result: "stored", leaves };
    } catch (error) {
      this.#events.onFailed(error);
      return { type: "piece-committed", piece, result: "failed" };
    }
  }
}
