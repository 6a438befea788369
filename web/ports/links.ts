/**
 * Links: live channels to peers, made by offer, answer and candidates.
 *
 * Invariants
 *  1. For one link: signals and `onOpened` in any order, then bytes, then exactly one `onClosed`; nothing after it.
 *  2. Bytes sent on an open link arrive at the other end complete and in order, or the link closes.
 *  3. Bytes count as flushed when the platform's own queue has taken them on their way; flushed never exceeds sent.
 *  4. A link that is not open CONNECT_TIMEOUT_MS after it began closes with "timeout".
 */
import type { LinkId } from "../engine/units.ts";

/** From `begin` to `onOpened` at most, ms (WebTorrent's own limit). */
export const CONNECT_TIMEOUT_MS = 25_000;

/** What has to reach the other end for a link to come about. `sdp` and candidates are opaque to us. */
export type Signal =
  | { readonly type: "offer" | "answer"; readonly sdp: string }
  | { readonly type: "candidates"; readonly candidates: readonly Candidate[] };

/** RTCIceCandidateInit, as far as it crosses the wire. An empty `candidate` means "no more". */
export interface Candidate {
  readonly candidate: string;
  readonly sdpMid: string | null;
  readonly sdpMLineIndex: number | null;
}

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** How the bytes travel, as the platform reports it. */
export type Route = "direct" | "relayed" | "unknown";

/** Why a link ended. "failed" before it opened means that no route was found; after, that the peer vanished. */
export type LinkEnd = "closed-here" | "closed-there" | "timeout" | "failed" | "refused";

export interface LinkEvents {
  onSignal(link: LinkId, signal: Signal): void;
  onOpened(link: LinkId): void;
  /** The route was found out, some time after opening. */
  onRoute(link: LinkId, route: Route): void;
  /** The receiver owns `bytes` and its buffer. */
  onBytes(link: LinkId, bytes: Uint8Array): void;
  /** `count` more bytes have left. */
  onFlushed(link: LinkId, count: number): void;
  onClosed(link: LinkId, end: LinkEnd): void;
}

export interface LinkOptions {
  readonly initiator: boolean;
  readonly iceServers: readonly IceServer[];
  /** Only by TURN: the peers do not learn each other's addresses. */
  readonly relayOnly: boolean;
  /**
   * False when the other end cannot take candidates after the description (other BitTorrent programs): the
   * description waits for them, at most a second. True unless said.
   */
  readonly trickle?: boolean;
}

export interface Links {
  /** Begins a link. With `initiator` an offer follows by `onSignal`, otherwise one is expected by `signal`. */
  begin(link: LinkId, options: LinkOptions): void;
  /** What the other end said. Nonsense closes the link, and only it. */
  signal(link: LinkId, signal: Signal): void;
  /** Takes `bytes` and its whole buffer away from the caller. At most 64 KiB each. Ignored on a closed link. */
  send(link: LinkId, bytes: Uint8Array<ArrayBuffer>): void;
  /** Closes at once; what was sent and not flushed is lost. `onClosed` follows with "closed-here". */
  close(link: LinkId): void;
}
