/** What a person can set: for one share, and for all of them together. */

/** Limits of one share; what is absent is not limited. */
export interface ShareLimits {
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
  /** Sharing stops when uploaded to downloaded (for who brought the files: to their size) has reached this. */
  readonly stopAtRatio?: number;
  /** Sharing stops when nobody has taken anything for this long. */
  readonly stopWhenIdleMinutes?: number;
}

/** Settings of all shares together. */
export interface Settings {
  readonly uploadBytesPerSecond?: number;
  readonly downloadBytesPerSecond?: number;
  /** How many people one share uploads to at once, the optimistic one included. */
  readonly uploadSlots: number;
  /** Most links of one share. */
  readonly connections: number;
  /** Connect through the relay alone, so that nobody sees this person's network address. */
  readonly relayOnly: boolean;
}
