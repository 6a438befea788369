/** Every number of the tracker client, with its unit and the reason for it. */

/** Shortest wait before another try to connect, ms: a restarting server is met soon, and not hammered. */
export const RETRY_MIN_MS = 500;

/** Longest wait before the first retry, ms. Doubles with every failure. */
export const RETRY_FIRST_MS = 1_000;

/** Longest wait before any retry at our own server, ms. */
export const RETRY_MAX_MS = 30_000;

/** The same at a tracker of others, which owes us nothing, ms. WebTorrent waits an hour. */
export const FOREIGN_RETRY_MAX_MS = 600_000;

/** A socket that is not open by then, or that says nothing for this long after a question, is dead, ms. */
export const SILENCE_MS = 15_000;

/** Time between two announces until the tracker says one, and what is accepted of it, ms. */
export const DEFAULT_INTERVAL_MS = 120_000;
export const MIN_INTERVAL_MS = 30_000;
export const MAX_INTERVAL_MS = 600_000;

/**
 * Longest announce, UTF-8 bytes: aquatic ends a connection on a longer frame, and browsers send a message as one.
 * Offers that do not fit are left out.
 */
export const MAX_ANNOUNCE_BYTES = 16 * 1024;

/** What a tracker may say in ten seconds, messages and UTF-16 units; more is a flood, and ends the connection. */
export const FLOOD_WINDOW_MS = 10_000;
export const FLOOD_MESSAGES = 2_000;
export const FLOOD_LENGTH = 4 * 1024 * 1024;

/**
 * What is said to be left while the size is unknown, bytes: any number but 0, for the reference tracker counts
 * whoever says nothing as a seed.
 */
export const UNKNOWN_LEFT = 16 * 1024;

/** Peers asked for and at the interval; servers list 50 at most. */
export const PEERS_WANTED = 50;
