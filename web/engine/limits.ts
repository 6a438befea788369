/** Every protocol number of the engine, with its unit, the reason for it and where it comes from. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Bytes per block, the unit of request and the leaf of the Merkle tree (BEP 52; BEP 3 by custom). */
export const BLOCK_BYTES = 16 * KIB;

/** Bytes of the header of a `piece` message: length, id, index, begin (BEP 3). */
export const PIECE_HEADER_BYTES = 13;

/** Longest channel message that blocks are coalesced into; safe with every browser (RFC 8831 §6.6). */
export const CHANNEL_MESSAGE_BYTES = 64 * KIB;

/** Longest wire message accepted: a bitfield of MAX_PIECES or a block, whichever is longer, with room. */
export const MAX_MESSAGE_BYTES = 1 * MIB;

/** Most pieces in one torrent that we open; libtorrent's limit is the same. */
export const MAX_PIECES = 0x200000;

/** Largest info dictionary that we fetch from peers, bytes (libtorrent: about 30 MiB). */
export const MAX_METADATA_BYTES = 32 * MIB;

/** Largest request that we serve; larger ones close the link as BEP 3 recommends (WebTorrent sends 16 KiB). */
export const MAX_REQUEST_BYTES = 128 * KIB;

/** Upload slots including the optimistic one (BEP 3, Cohen 2003 §3.2). */
export const UPLOAD_SLOTS = 4;

/** Fewest slots that a low upload limit leaves (mainline client): one earned, one optimistic. */
export const MIN_UPLOAD_SLOTS = 2;
/** Part of what leaves that peers get which did not earn their slots, while others that did ask for more. */
export const OPTIMISTIC_SHARE = 1 / 10;
/** The same for peers that took a block more than they gave, although they have what we want. */
export const DEBTOR_SHARE = OPTIMISTIC_SHARE / 2;

/** Time between rechokes, ms (BEP 3). */
export const RECHOKE_INTERVAL_MS = 10_000;

/** Rechokes between rotations of the optimistic unchoke: 3 × 10 s (BEP 3). */
export const OPTIMISTIC_ROUNDS = 3;

/** How many times as likely as others a newcomer is to be the next optimistic unchoke (BEP 3). */
export const NEWCOMER_WEIGHT = 3;

/** Window over which rates are averaged, ms (Cohen 2003 §3.2). */
export const RATE_WINDOW_MS = 20_000;

/** Window of the rates that a person sees, ms. */
export const SHOWN_RATE_WINDOW_MS = 3_000;

/** A peer that owes us blocks and sends none for this long is snubbing us: uploaded to after all others, ms (Cohen 2003 §3.4). */
export const SNUBBED_AFTER_MS = 60_000;

/** Requests kept in flight: this many ms of the peer's measured rate (libtorrent's request_queue_time). */
export const REQUEST_QUEUE_MS = 3_000;

/** Fewest and most requests in flight to one peer (libtorrent). */
export const MIN_PIPELINE = 2;
export const MAX_PIPELINE = 500;

/** Requests in flight to a peer when nothing is known of it yet; doubles each round trip (slow start). */
export const INITIAL_PIPELINE = 8;

/** A pipeline is filled up once this share of it is empty: many requests in one message cost little more than one. */
export const REFILL_SHARE = 1 / 8;

/** Time over which the rate that sets the pipeline is measured, ms (libtorrent: 1 s). */
export const PIPELINE_SAMPLE_MS = 1_000;

/** Pieces that super-seeding shows an unchoked leecher at once, to begin with: one to fetch, one to come next. */
export const SUPER_SEED_WINDOW = 2;

/** A leecher that got no piece for this long is shown another one although all were shown, ms. */
export const SUPER_SEED_STALL_MS = 2_000;

/** A piece that its leecher passed on to nobody for this long, at least, is given to others too, ms. */
export const SUPER_SEED_KEPT_MS = 30_000;

/** A seed whose uplink idles for this long after its first copy is out shows everything, ms. */
export const SUPER_SEED_IDLE_MS = 10_000;

/** A leecher that could fetch what it is shown and does not, for this long, does not want it, ms. */
export const SUPER_SEED_PATIENCE_MS = 1_000;

/** A leecher is shown new pieces for this long while others wait for its slot, and keeps it for its last one, ms. */
export const SUPER_SEED_TURN_MS = 20_000;
export const SUPER_SEED_TURN_LIMIT_MS = 120_000;

/** Requests that we accept from one peer before rejecting, said to it as `reqq` (BEP 10). */
export const REQUEST_QUEUE_LIMIT = 512;

/**
 * Credit of a link, bytes handed to it and not flushed yet: LINK_CREDIT_MS of the rate at which it drains,
 * measured over LINK_CREDIT_WINDOW_MS. Too little idles the link, too much delays every choke and have.
 */
export const MIN_LINK_CREDIT_BYTES = 16 * KIB;
export const MAX_LINK_CREDIT_BYTES = 1 * MIB;
export const LINK_CREDIT_MS = 500;
export const LINK_CREDIT_WINDOW_MS = 2_000;

/** Bytes of pieces handed out to `commit` and not answered yet, at most: the back-pressure of a slow disk. */
export const COMMIT_BACKLOG_BYTES = 64 * MIB;

/** Pieces picked at random before rarest first begins (Cohen 2003 §2.4.3). */
export const RANDOM_FIRST_PIECES = 1;

/** Places of the rarity order that a pick looks at one by one before it lays piece maps over each other. */
export const SCAN_PIECES = 1_024;

/** Links that are asked for the same block in endgame, at most. */
export const ENDGAME_COPIES = 2;

/**
 * A block is asked of a second link if that is expected to give it sooner by this long, ms: more than what the first one
 * has in its link already (LINK_CREDIT_MS) and cannot take back.
 */
export const ENDGAME_GAIN_MS = 1_000;

/** Endgame waits for pieces that nobody here has while the last new one came less than so long ago, ms. */
export const ENDGAME_QUIET_MS = 10_000;

/** A block that is on its way is waited for this much longer, ms, at most: of a peer that hardly sends it is not. */
export const ENDGAME_BLOCK_MS = 3_000;

/** Pieces of a deadline window that a pick looks at, from the first one that is lacking: minutes of any film. */
export const MAX_WINDOW_PIECES = 512;

/**
 * The part of the window, from the first piece that is lacking, that is fetched in order from the fastest peers: a
 * quarter, of three pieces at most. With more, peers that play the same have too little to give to each other.
 */
export const URGENT_SHARE = 1 / 4;
export const MAX_URGENT_PIECES = 3;

/** Requests kept in flight to one peer while a deadline window is open, ms of its rate: what is urgent waits behind them. */
export const PLAYING_QUEUE_MS = 1_000;

/** A block of the window is late after this long, ms: it is asked of a fast peer too as soon as it is played next. */
export const PLAYING_PATIENCE_MS = 1_000;

/** While a deadline window is open, one request in so many goes by the ordinary order, rarest first. */
export const RAREST_FIRST_IN = 8;

/** A peer is one of the fastest when it gives at least this share of what the fastest one gives. */
export const FASTEST_SHARE = 1 / 2;

/** Pieces at the head of the window of which late blocks are asked of a second link, and which may be started always. */
export const WINDOW_HEAD_PIECES = 2;

/** With so many bytes on their way to a peer, its requests for hashes and metadata are refused: each asks for 300 times its own. */
export const ANSWER_BACKLOG_BYTES = 4 * MIB;

/** Piece maps that one peer may send: one, another when super-seeding ends (libtorrent); each makes us count its pieces anew. */
export const MAX_PIECE_MAPS = 8;

/** Bytes of started, incomplete pieces, at most: they wait in memory (libtorrent: 2048 blocks). */
export const MAX_STARTED_BYTES = 64 * MIB;

/** Time for the peer's handshake after the link opened, ms (WebTorrent's own limit). */
export const HANDSHAKE_TIMEOUT_MS = 25_000;

/** We send a keep-alive after this long without sending, ms; peers close after about 2 min (BEP 3). */
export const KEEP_ALIVE_MS = 55_000;

/** A link on which nothing at all arrived for this long is dead, ms (libtorrent's peer_timeout). */
export const SILENT_AFTER_MS = 120_000;

/**
 * A peer that owes us blocks and sends none for this long is late, ms: as long as nothing is known of it
 * (libtorrent's piece_timeout), and at least and at most once its usual time is measured. libtorrent's least is 2 s; in
 * simulated crowds 4 s already wastes half as much again as 10 s, because peers that share an uplink pause often.
 */
export const REQUEST_TIMEOUT_MS = 20_000;
export const MIN_REQUEST_TIMEOUT_MS = 10_000;
export const MAX_REQUEST_TIMEOUT_MS = 60_000;

/** A peer that refused a request although it unchoked us is not asked for this long, ms. */
export const REJECTED_REST_MS = 1_000;

/** Bytes per message of the metadata exchange (BEP 9). */
export const METADATA_BLOCK_BYTES = 16 * KIB;

/** Metadata blocks asked of one peer at a time: so many take 10 s (METADATA_TIMEOUT_MS) at 13 KB/s. */
export const METADATA_REQUESTS_PER_PEER = 8;

/** A peer that refuses metadata, or is late with it while others could give it, is not asked for so long, ms (libtorrent). */
export const METADATA_REST_MS = 60_000;

/** Bytes of a SHA-256 hash: a node of a Merkle tree, a v2 infohash (BEP 52). */
export const HASH_BYTES = 32;

/** Bytes of a SHA-1 hash: a piece or the infohash of v1 (BEP 3). */
export const SHA1_BYTES = 20;

/** Hashes per hash request (BEP 52: should not exceed 512). */
export const HASHES_PER_REQUEST = 512;

/** Largest number of hashes in a request that we answer (libtorrent's limit). */
export const MAX_HASHES_PER_REQUEST = 8192;

/** Peers in one peer-exchange message, and the time between two of them, ms (BEP 11). */
export const PEX_MAX_PEERS = 50;
export const PEX_INTERVAL_MS = 60_000;

/** Longest sealed description or list of candidates that peers carry for each other, bytes. */
export const MAX_NOTE_BYTES = 64 * 1024;

/** Notes that one peer may have carried: a few introductions' worth in each window. */
export const NOTES_WINDOW_MS = 10_000;
export const NOTES_BYTES_PER_WINDOW = 128 * 1024;

/** A `have` that its peer can do without for now waits for so many others to go with it, and this long at most, ms. */
export const HAVES_TOGETHER = 16;
export const HAVE_DELAY_MS = 3_000;
/** The same for one that a leecher can do nothing with: it waits for a slot, or has the piece itself. */
export const USELESS_HAVE_DELAY_MS = 15_000;

/** Steps kept for a trace that can be replayed. */
export const TRACE_STEPS = 2_000;

/** Bytes of messages that a trace keeps alive, at most: a peer that floods us only shortens it. */
export const TRACE_BYTES = 4 * MIB;

/** Peers that a share's ledger keeps apart; of more, those who moved least are forgotten. */
export const LEDGER_PEERS = 1_000;

/** Closed links of which we remember whose they were, until a read for them can have failed. */
export const LEFT_LINKS = 50;

/** A rate limit may be saved up for this long, ms: longer than a timer is late, too short for a flood. */
export const RATE_LIMIT_BURST_MS = 250;

/** A metadata or hash request without an answer for this long is asked of another peer, ms. */
export const METADATA_TIMEOUT_MS = 10_000;

/** Hash requests in flight to one peer. */
export const HASH_REQUESTS_PER_PEER = 8;

/** Time between two looks at time-outs, keep-alives and queues, ms. */
export const TICK_MS = 1_000;

/** Nesting, values and integer digits in one bencoded text (libtorrent's limits; 20 digits hold any 64-bit number). */
export const MAX_BENCODE_DEPTH = 100;
export const MAX_BENCODE_TOKENS = 3_000_000;
export const MAX_BENCODE_INTEGER_DIGITS = 20;

/** Largest piece that we read of in a torrent, bytes (libtorrent's limit is 16 KiB less). */
export const MAX_PIECE_BYTES = 512 * MIB;

/** Longest path component that is kept whole, UTF-8 bytes: file systems stop at 255, browsers add suffixes. */
export const MAX_NAME_BYTES = 240;

/** Folders above a file and the file itself, in one path (libtorrent's limit). */
export const MAX_PATH_COMPONENTS = 100;

/** Files of one torrent; the largest that are shared have some 100,000, and every one costs memory in the tab. */
export const MAX_FILES = 250_000;

/** Longest link or magnet that is read, characters; and the highest file number that a magnet may select (BEP 53). */
export const MAX_LINK_CHARACTERS = 64 * KIB;
export const MAX_SELECTED_FILE = 99_999;

/** What we call ourselves in the extension handshake (BEP 10 `v`). */
export const CLIENT_NAME = "Shoal 0.1";

/** `have` messages kept from a peer while the number of pieces is unknown; an honest peer sends a bitfield. */
export const MAX_EARLY_HAVES = 65_536;
