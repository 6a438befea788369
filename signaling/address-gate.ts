/**
 * How much one address may ask for: connections, WebSockets, new ones in a while, and configurations.
 *
 * Invariants
 *  1. What was admitted is counted until it is released, exactly once.
 *  2. An address that has nothing open and asks for nothing is forgotten at the next `forgetIdle`.
 */
import { addressGroup } from "./address.ts";
import type { Limits } from "./limits.ts";
import { TokenBucket } from "./token-bucket.ts";

interface Account {
  connections: number;
  sockets: number;
  readonly newSockets: TokenBucket;
  readonly configs: TokenBucket;
}

export type Refusal =
  | "too many sockets"
  | "too many sockets from one address"
  | "too many new sockets from one address";

export class AddressGate {
  readonly #limits: Limits;
  readonly #accounts = new Map<string, Account>();
  #sockets = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get addressCount(): number {
    return this.#accounts.size;
  }

  /** Counts a new TCP connection from `address`, unless it has too many. */
  admitConnection(address: string, now: number): boolean {
    const account = this.#account(address, now);
    if (account.connections >= this.#limits.connectionsPerAddress) return false;
    account.connections++;
    return true;
  }

  releaseConnection(address: string): void {
    const account = this.#accounts.get(addressGroup(address));
    if (account !== undefined) account.connections--;
  }

  /** Counts a new socket from `address`, or says why not. Time is the caller's, in ms. */
  admitSocket(address: string, now: number): Refusal | undefined {
    if (this.#sockets >= this.#limits.sockets) return "too many sockets";
    const account = this.#account(address, now);
    if (!account.newSockets.take(1, now)) return "too many new sockets from one address";
    if (account.sockets >= this.#limits.socketsPerAddress) return "too many sockets from one address";
    account.sockets++;
    this.#sockets++;
    return undefined;
  }

  /** An admitted socket from `address` is gone. */
  releaseSocket(address: string): void {
    const account = this.#accounts.get(addressGroup(address));
    if (account === undefined) return;
    account.sockets--;
    this.#sockets--;
  }

  admitConfig(address: string, now: number): boolean {
    return this.#account(address, now).configs.take(1, now);
  }

  forgetIdle(now: number): void {
    for (const [group, { connections, sockets, newSockets, configs }] of this.#accounts) {
      if (connections === 0 && sockets === 0 && newSockets.isFull(now) && configs.isFull(now))
        this.#accounts.delete(group);
    }
  }

  #account(address: string, now: number): Account {
    const group = addressGroup(address);
    const known = this.#accounts.get(group);
    if (known !== undefined) return known;
    const account = {
      connections: 0,
      sockets: 0,
      newSockets: new TokenBucket(this.#limits.newSocketsPerAddress, now),
      configs: new TokenBucket(this.#limits.configsPerAddress, now),
    };
    this.#accounts.set(group, account);
    return account;
  }
}
