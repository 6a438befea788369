/** What the benchmark tells its load process to do, and what that answers. */

/** WebTorrent's dialect: every announce carries five offers, every offer is answered. */
export interface OffersJob {
  readonly kind: "offers";
  /** Members of a swarm are spread over all of them in turn. */
  readonly urls: readonly string[];
  readonly swarms: number;
  readonly peersPerSwarm: number;
  /** Announces under way at any time, or begun in each second whatever comes back. */
  readonly pace: { readonly underWay: number } | { readonly perSecond: number };
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

/** What became of the signals of one kind over the whole job. */
export interface Delivery {
  readonly sent: number;
  readonly once: number;
  readonly repeated: number;
  /** Reached somebody whom they were not for. */
  readonly astray: number;
  readonly lost: number;
  /** From a member at one process to a member at another. */
  readonly across: number;
}

export interface OffersResult {
  readonly announcesPerSecond: number;
  /** From the sending of an offer or answer to its arrival. */
  readonly relayP50Ms: number;
  readonly relayP99Ms: number;
  readonly failures: number;
  readonly offers: Delivery;
  readonly answers: Delivery;
}

/** Sockets that announced once and say nothing more, held until the load process is ended. */
export interface IdleJob {
  readonly kind: "idle";
  readonly url: string;
  readonly sockets: number;
  readonly peersPerSwarm: number;
  /** Tells the peers of several load processes apart. */
  readonly firstPeer: number;
}

export interface IdleResult {
  readonly held: number;
}

export type Job = OffersJob | IdleJob;

/** What the load process says. */
export type Report =
  | { readonly type: "measuring" | "measured" }
  | { readonly type: "done"; readonly result: OffersResult | IdleResult };
