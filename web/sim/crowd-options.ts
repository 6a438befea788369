/** What a crowd is like: one seed, and leechers that come all at once or over time. */
import { BLOCK_BYTES } from "../engine/limits.ts";
import { DIALLED_OF_LINKS, LINKS_PER_SHARE } from "../session/limits.ts";

export interface CrowdOptions {
  readonly peers: number;
  readonly pieces: number;
  readonly seed: number;
  readonly pieceBytes: number;
  /** Uplink of the seed, in uplinks of a leecher. */
  readonly seedRateFactor: number;
  /** Bytes per second of a leecher. */
  readonly up: number;
  readonly down: number;
  /** One way, ms; each machine's own differs from it by up to `jitter` of it. */
  readonly latencyMs: number;
  readonly jitter: number;
  /** Links that a newcomer opens, at most. */
  readonly links: number;
  /** Share of introductions that fail. */
  readonly unreachable: number;
  /** Leechers that arrive per second (Poisson); 0: all at once. */
  readonly arrivals: number;
  /** Share of leechers that give nothing. */
  readonly freeRiders: number;
  /** Leechers leave as soon as they have everything. */
  readonly leaveWhenDone: boolean;
  /** Virtual seconds after which the run is given up. */
  readonly limitSeconds: number;
  /** Virtual seconds that time goes on for when all have everything. */
  readonly restSeconds: number;
}

export const CROWD_DEFAULTS: CrowdOptions = {
  peers: 100,
  pieces: 400,
  seed: 1,
  pieceBytes: BLOCK_BYTES,
  seedRateFactor: 10,
  up: 50_000,
  down: 400_000,
  latencyMs: 30,
  jitter: 0.5,
  links: Math.ceil(LINKS_PER_SHARE * DIALLED_OF_LINKS),
  unreachable: 0,
  arrivals: 0,
  freeRiders: 0,
  leaveWhenDone: false,
  limitSeconds: 36_000,
  restSeconds: 0,
};

/**
 * The crowd of the command line and of the benchmark. A piece is 32 KiB, two blocks, so that several peers can give one
 * and a thousand peers with 400 of them take about a minute. Each piece is said to every link: with pieces that
 * small a newcomer dials 8 others, not the 12 of a tab, and control stays below one byte in a hundred.
 */
export const LARGE_CROWD = { pieceBytes: 2 * BLOCK_BYTES, links: 8 } as const satisfies Partial<CrowdOptions>;
