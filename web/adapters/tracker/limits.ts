/** Every number of the tracker client, with its unit and the reason for it. */

/** Shortest wait before another try to connect, ms: a restarting server is met soon, and not hammered. */
export const RETRY_MIN_MS = 500;

/** Longest wait before the first retry, ms. Doubles with every failure. */
export const RETRY_FIRST_MS = 1_000;

/** Longest wait before any retry, ms. */
export const RETRY_MAX_MS = 30_000;

/** A socket that is not open by then, or that says nothing for this long after a question, is dead, ms. */
export const SILENCE_MS = 15_000;

/** Time between two announces until the tracker says one, and what is accepted of it, ms. */
export const DEFAULT_INTERVAL_MS = 120_000;
export const MIN_INTERVAL_MS = 30_000;
export const MAX_INTERVAL_MS = 600_000;

/** Peers asked for on joining and at the interval; servers list 50 at most. */
export const PEERS_WANTED = 50;
