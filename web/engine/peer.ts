/**
 * What we know of one peer, from the moment its link is open until it is closed.
 *
 * A plain record: the parts of the swarm (upload, download, metadata, hashes, peer exchange) read and change
 * the fields that are theirs. It holds no policy and no socket.
 *
 * Invariants
 *  1. `have` exists as soon as the torrent's geometry is known; before that, what the peer said is in `early`.
 *  2. `requests` are the blocks asked of it and not answered, oldest first.
 *  3. `unflushedBytes` is what was handed to the link and has not left it yet.
 */
import type { Bitfield } from "./bitfield.ts";
import type { Input, TorrentVersion } from "./io.ts";
import {
  LINK_CREDIT_WINDOW_MS,
  MIN_LINK_CREDIT_BYTES,
  RATE_WINDOW_MS,
  SHOWN_RATE_WINDOW_MS,
  SNUBBED_AFTER_MS,
} from "./limits.ts";
import { Pipeline } from "./pipeline.ts";
import { RateMeter } from "./rate.ts";
import { TakenBack } from "./taken-back.ts";
import type { BlockIndex, LinkId, Millis, PeerId, PieceIndex } from "./units.ts";
import { WireDecoder } from "./wire/decoder.ts";
import type { BlockRequest, Handshake } from "./wire/message.ts";

export type LinkOpened = Extract<Input, { type: "link-opened" }>;

/** What a peer said about its pieces before we knew how many there are. */
export interface EarlyPieces {
  bits: Uint8Array | "all" | "none" | undefined;
  haves: number[];
}

export interface PendingRequest {
  readonly piece: PieceIndex;
  readonly block: BlockIndex;
  readonly askedAt: Millis;
}

export class Peer {
  // What is read at every message and every tick. It stands together because it is looked up where thousands of
  // these records are: in a simulated swarm most of the time goes by waiting for memory.
  readonly link: LinkId;
  readonly id: PeerId;
  isHandshakeDone = false;
  isChoking = true;
  amInterested = false;
  isInterested = false;
  /** When we unchoked it; undefined while it is choked. */
  unchokedAt: Millis | undefined;
  /** It says that it downloads nothing (BEP 21): it has all that it wants, or shows us only some of its pieces (BEP 16). */
  isUploadOnly = false;
  have: Bitfield | undefined;
  /** A piece that it has and we want and lack, if there is one. */
  interesting: PieceIndex | undefined;
  /** How many of the pieces that we got it was told of (have-notices.ts), and when it must hear of the others. */
  toldHaves = 0;
  havesDueAt = Infinity;
  lastReceivedAt: Millis;
  lastSentAt: Millis;
  unflushedBytes = 0;
  /** The most that may wait for it before it is served again, as of the last flush. */
  creditBytes = MIN_LINK_CREDIT_BYTES;
  readonly decoder = new WireDecoder();

  // What blocks and requests need.
  readonly requests: PendingRequest[] = [];
  readonly pipeline = new Pipeline();
  /** Blocks that it asked of us and that we have not begun to send. */
  readonly uploads: BlockRequest[] = [];
  /** Both sides speak BEP 6. */
  isFast = false;
  /** Requests that it accepts in its queue (BEP 10 `reqq`). */
  reqq = 250;
  /** It refused a request although we are unchoked: it is asked for nothing until then. */
  restsUntil: Millis | undefined;
  lastBlockAt: Millis | undefined;
  /** Since when it has owed us a block and sent none, however often that was asked for again; undefined while it owes none. */
  owesSince: Millis | undefined;
  /** What has left our queue for it: sets how far ahead of its link it is served. */
  readonly flushed = new RateMeter(LINK_CREDIT_WINDOW_MS);
  readonly sent = new RateMeter(RATE_WINDOW_MS);
  readonly received = new RateMeter(RATE_WINDOW_MS);
  /** The same over the last moments, for the screen: a rate that fades for 20 s after the end looks wrong. */
  readonly sentLately = new RateMeter(SHOWN_RATE_WINDOW_MS);
  readonly receivedLately = new RateMeter(SHOWN_RATE_WINDOW_MS);
  /** Bytes of the pieces in `have`. */
  haveBytes = 0;
  /** Piece maps that it sent. */
  pieceMaps = 0;
  /** Requests that were taken back and may still be answered, by block key. */
  readonly takenBack = new TakenBack();
  /** Requests that we refused since it was last unchoked: more than a queue of them is a flood. */
  refusedRequests = 0;

  // What is settled when the link opens.
  readonly relayed: boolean;
  readonly openedAt: Millis;
  /** The swarm of a hybrid torrent in which we heard of each other; undefined when it does not matter. */
  readonly metIn: TorrentVersion | undefined;
  /** We dialled; undefined when it does not matter who did. */
  readonly initiated: boolean | undefined;
  /** What our handshake said; undefined until it was sent. */
  greeting: Pick<Handshake, "infoHash" | "v2Upgrade"> | undefined;
  /** What the two handshakes agreed on. */
  version: TorrentVersion = "v2";
  /** Both sides speak BEP 10. */
  hasExtensions = false;
  client = "";
  /** Its numbers for the extensions that it speaks; we send with them. */
  readonly extensionIds = new Map<string, number>();
  /** It refused a piece that it has and did not show. */
  isKeepingToShown = false;
  readonly early: EarlyPieces = { bits: undefined, haves: [] };

  constructor({ link, peer, relayed, metIn, initiated }: LinkOpened, now: Millis) {
    this.link = link;
    this.id = peer;
    this.relayed = relayed;
    this.metIn = metIn;
    this.initiated = initiated;
    this.openedAt = now;
    this.lastReceivedAt = now;
    this.lastSentAt = now;
  }

  get amChoking(): boolean {
    return this.unchokedAt === undefined;
  }

  /** It shows us only some of its pieces (BEP 16), and gives the others too to who plays: one of our own kind. */
  get givesUnshown(): boolean {
    return this.#isOurSeed && this.isFast && !this.isKeepingToShown;
  }

  /** It has everything, whether it shows it or not. */
  get isFullCopy(): boolean {
    return this.isSeed || this.#isOurSeed;
  }

  /** One of our own kind says that it only uploads when it has everything, others when they have the files that they chose. */
  get #isOurSeed(): boolean {
    return this.isUploadOnly && this.extensionIds.has("shoal_pex");
  }

  /** It lets us ask, was asked, and sends nothing. */
  isSnubbing(now: Millis): boolean {
    return this.owesSince !== undefined && now - this.owesSince > SNUBBED_AFTER_MS;
  }

  get isSeed(): boolean {
    return this.have?.isFull ?? false;
  }
}
