/**
 * Keeps account of the bytes of one share: with each peer and in all.
 *
 * `uploaded` and `downloaded` count the bytes of blocks, nothing of the protocol around them. A received byte
 * is either `downloaded` or `wasted` (a duplicate, cancelled or corrupt), never both, so over a whole swarm
 * Σ uploaded = Σ downloaded + Σ wasted.
 *
 * Ratio: a receiver's is uploaded ÷ downloaded, a sender's, who downloaded nothing, is uploaded ÷ size. Either
 * way 1 means "gave as much as one copy costs".
 */
import { BLOCK_BYTES, LEDGER_PEERS } from "./limits.ts";
import { NO_TOTALS, type Totals } from "./totals.ts";
import type { PeerId } from "./units.ts";

/** Plain data, to be stored and given back to the constructor. */
export interface LedgerRecord {
  readonly total: Totals;
  readonly peers: readonly (Totals & { readonly peer: PeerId })[];
}

/** Ratio of who downloaded the share; 0 before the first byte. */
export function receiverRatio(totals: Totals): number {
  return totals.downloaded > 0 ? totals.uploaded / totals.downloaded : 0;
}

/** Ratio of who had the whole share from the beginning: copies given. `size` is the share's, bytes. */
export function senderRatio(totals: Totals, size: number): number {
  return size > 0 ? totals.uploaded / size : 0;
}

/** What a peer gave us for what it took; one block is added to both, so that a stranger counts as even. */
export function reciprocity(totals: Totals): number {
  return (totals.downloaded + BLOCK_BYTES) / (totals.uploaded + BLOCK_BYTES);
}

/** The peer took at least a block more than it gave us. */
export function isInDebt({ uploaded, downloaded }: Totals): boolean {
  return uploaded - downloaded >= BLOCK_BYTES;
}

type Account = { -readonly [Field in keyof Totals]: Totals[Field] };

export class Ledger {
  readonly #total: Account;
  readonly #peers = new Map<PeerId, Account>();

  constructor(record: LedgerRecord = { total: NO_TOTALS, peers: [] }) {
    this.#total = { ...record.total };
    for (const { peer, uploaded, downloaded, wasted } of record.peers) {
      this.#peers.set(peer, { uploaded, downloaded, wasted });
    }
  }

  onUploaded(peer: PeerId, bytes: number): void {
    this.#account(peer).uploaded += bytes;
    this.#total.uploaded += bytes;
  }

  onDownloaded(peer: PeerId, bytes: number): void {
    this.#account(peer).downloaded += bytes;
    this.#total.downloaded += bytes;
  }

  onWasted(peer: PeerId, bytes: number): void {
    this.#account(peer).wasted += bytes;
    this.#total.wasted += bytes;
  }

  /** Bytes that were counted as downloaded turn out to be worthless: their hash is wrong. */
  onSpoiled(peer: PeerId, bytes: number): void {
    this.onDownloaded(peer, -bytes);
    this.onWasted(peer, bytes);
  }

  get total(): Totals {
    return { ...this.#total };
  }

  /** Not a copy: it goes on counting. */
  of(peer: PeerId): Totals {
    return this.#peers.get(peer) ?? NO_TOTALS;
  }

  toRecord(): LedgerRecord {
    return { total: this.total, peers: Array.from(this.#peers, ([peer, account]) => ({ peer, ...account })) };
  }

  #account(peer: PeerId): Account {
    const known = this.#peers.get(peer);
    if (known !== undefined) return known;
    if (this.#peers.size >= LEDGER_PEERS) this.#forgetSmallest();
    const account = { ...NO_TOTALS };
    this.#peers.set(peer, account);
    return account;
  }

  /** The share's total keeps what the forgotten peer moved. */
  #forgetSmallest(): void {
    let smallest: PeerId | undefined;
    let least = Infinity;
    for (const [peer, { uploaded, downloaded, wasted }] of this.#peers) {
      const moved = uploaded + downloaded + wasted;
      if (moved >= least) continue;
      least = moved;
      smallest = peer;
    }
    if (smallest !== undefined) this.#peers.delete(smallest);
  }
}
