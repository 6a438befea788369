/**
 * Reading ranges of files on HTTP servers that do not know of us (BEP 19).
 *
 * Invariants
 *  1. The chunks that come are the range from its beginning, never more than its length.
 *  2. Every failure is a RangeFetchError, except that an aborted fetch ends in whatever the abort says.
 */

/** Why a server gave no range. */
export type RangeFetchReason =
  /** No answer, no network, or the server does not let pages of other sites read it (CORS). */
  | "unreachable"
  /** It asks to be left alone for a while (429, 5xx). */
  | "busy"
  /** It has no such file, or does not give it to us (4xx). */
  | "not-there"
  /** It answers with the whole file only. */
  | "no-ranges"
  /** It led us to an address that must not be contacted from here. */
  | "led-astray"
  /** The file ends before the range does. */
  | "too-short";

export class RangeFetchError extends Error {
  override readonly name = "RangeFetchError";
  readonly reason: RangeFetchReason;

  constructor(reason: RangeFetchReason) {
    super(`The web seed failed: ${reason}.`);
    this.reason = reason;
  }
}

/**
 * @param begin first byte. @param end behind the last byte.
 * @param isAllowed judges the address that the server redirected to.
 */
export type RangeFetch = (
  url: string,
  begin: number,
  end: number,
  isAllowed: (url: string) => boolean,
  signal: AbortSignal,
) => AsyncIterable<Uint8Array>;
