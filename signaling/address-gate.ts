/**
 * How much one address may ask for: connections, WebSockets, new ones in a while, and configurations.
 *
 * Invariants
 *  1. What was admitted is counted until its connection closes, exactly once.
 *  2. An address that has nothing open and asks for nothing is forgotten at the next `forgetIdle`.
 */
import { addressGroup } from "./address.ts";
import type { Limits } from "./limits.ts";
import { takeTokens } from "./token-bucket.ts";

/** What the gate needs of a connection: to be told once when it is gone. */
export interface Connection {
  on(event: "close", listener: () => void): unknown;
}

interface Account {
  connections: number;
  sockets: number;
  /** When the bucket of new sockets, and that of configurations, is full again. */
  newSocketsFullAt: number;
  configsFullAt: number;
}

export type Refusal =
  | "too many sockets"
  | "too many sockets from one address"
  | "too many new sockets from one address";

export class AddressGate {
  readonly #limits: Limits;
  readonly #accounts = new Map<string, Account>();
  /** Whose the open connections are, and those among them that are WebSockets. */
  readonly #connections = new Map<Connection, Account>();
  readonly #sockets = new Map<Connection, Account>();
  /** One listener for all, since each closure for each of many thousand connections would weigh more than its account. */
  readonly #onClose: (this: Connection) => void;

  constructor(limits: Limits) {
    this.#limits = limits;
    const release = (connection: Connection) => this.#release(connection);
    this.#onClose = function () {
      release(this);
    };
  }

  get addressCount(): number {
    return this.#accounts.size;
  }

  /** Counts a new TCP connection from `address`, unless it has too many. Time is the caller's, in ms. */
  admitConnection(connection: Connection, address: string): boolean {
    const account = this.#account(address);
    if (account.connections >= this.#limits.connectionsPerAddress) return false;
    account.connections++;
    this.#watch(connection);
    this.#connections.set(connection, account);
    return true;
  }

  /** Counts the WebSocket that `connection` is about to become, or says why it may not. */
  admitSocket(connection: Connection, address: string, now: number): Refusal | undefined {
    if (this.#sockets.size >= this.#limits.sockets) return "too many sockets";
    const account = this.#account(address);
    const fullAt = takeTokens(this.#limits.newSocketsPerAddress, account.newSocketsFullAt, 1, now);
    if (fullAt === undefined) return "too many new sockets from one address";
    account.newSocketsFullAt = fullAt;
    if (account.sockets >= this.#limits.socketsPerAddress) return "too many sockets from one address";
    account.sockets++;
    this.#watch(connection);
    this.#sockets.set(connection, account);
    return undefined;
  }

  admitConfig(address: string, now: number): boolean {
    const account = this.#account(address);
    const fullAt = takeTokens(this.#limits.configsPerAddress, account.configsFullAt, 1, now);
    if (fullAt === undefined) return false;
    account.configsFullAt = fullAt;
    return true;
  }

  forgetIdle(now: number): void {
    for (const [group, account] of this.#accounts) {
      const isOpen = account.connections > 0 || account.sockets > 0;
      if (!isOpen && account.newSocketsFullAt <= now && account.configsFullAt <= now)
        this.#accounts.delete(group);
    }
  }

  #watch(connection: Connection): void {
    if (!this.#connections.has(connection)) connection.on("close", this.#onClose);
  }

  #release(connection: Connection): void {
    const asConnection = this.#connections.get(connection);
    const asSocket = this.#sockets.get(connection);
    if (asConnection !== undefined) asConnection.connections--;
    if (asSocket !== undefined) asSocket.sockets--;
    this.#connections.delete(connection);
    this.#sockets.delete(connection);
  }

  #account(address: string): Account {
    const group = addressGroup(address);
    const known = this.#accounts.get(group);
    if (known !== undefined) return known;
    const account = { connections: 0, sockets: 0, newSocketsFullAt: 0, configsFullAt: 0 };
    this.#accounts.set(group, account);
    return account;
  }
}
