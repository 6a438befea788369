/** Every number of the WebRTC adapter, with its unit, the reason for it and where it comes from. */

const KIB = 1024;

/** No more is handed to a channel while this much waits in it, bytes. Browsers fail at 16 MiB. */
export const HIGH_WATER_BYTES = 1024 * KIB;

/**
 * At or below this much in a channel what was handed to it counts as flushed, bytes: what drains in LOW_WATER_MS, so
 * that the pipe does not run dry, and no more, because what is in it cannot be taken back or overtaken.
 */
export const LOW_WATER_MS = 100;
export const MIN_LOW_WATER_BYTES = 16 * KIB;
export const FIRST_LOW_WATER_BYTES = 80 * KIB;
export const MAX_LOW_WATER_BYTES = 512 * KIB;

/** Time over which it is measured how fast a channel drains, ms. */
export const DRAIN_SAMPLE_MS = 50;

/** Flushed bytes that are worth a message to the worker of their own. */
export const REPORT_BYTES = 64 * KIB;

/** While bytes wait, the sender looks at its channel again after this long, ms; the time doubles while nothing moves. */
export const LOOK_AGAIN_MIN_MS = 50;
export const LOOK_AGAIN_MAX_MS = 1_000;

/** Longest message when the other end does not say what it takes, bytes (RFC 8841 §6.1). */
export const DEFAULT_MESSAGE_BYTES = 64 * KIB;

/** An end that takes less than this per message only wastes our time, bytes. */
export const MIN_MESSAGE_BYTES = 1 * KIB;

/** Candidates found within this time of each other travel together, ms. The first one goes at once. */
export const CANDIDATE_BATCH_MS = 40;

/**
 * How long a description waits for candidates to become part of it, ms: those of one network are found within some
 * 20 ms, and what takes longer (STUN, TURN) follows by itself.
 */
export const DESCRIPTION_WAIT_MS = 60;

/** With none found for this long after one that was, it waits no more, ms: Chromium finds those of one network at once. */
export const CANDIDATE_GAP_MS = 15;

/** Without trickle: how long after the first candidate the description waits for others, ms. */
export const GATHER_TIMEOUT_MS = 1_000;

/** Longest SDP accepted, UTF-16 units. One with every candidate of a laptop on VPN is about 4 KiB. */
export const MAX_SDP_LENGTH = 16 * KIB;

/** Candidates accepted for one link; a machine with many interfaces and servers has some 30. */
export const MAX_CANDIDATES = 128;

/** Longest candidate accepted, UTF-16 units; real ones stay below 300. */
export const MAX_CANDIDATE_LENGTH = 1 * KIB;

/** Longest media stream identification accepted, UTF-16 units (RFC 8843: one or two in practice). */
export const MAX_SDP_MID_LENGTH = 32;

/** Looks at the statistics for the route until it shows, and the time between two looks, ms. */
export const ROUTE_LOOKS = 5;
export const ROUTE_LOOK_MS = 500;
