/** Every number of the session, with its unit and the reason for it. */

/** A tab that has no use for a share gives its name to one that has, within this time, ms. */
export const CLAIM_WAIT_MS = 300;

/**
 * A tab that was reloaded or closed has its shares until its worker is gone: a moment, or as long as the disk takes to
 * flush. The next tab tries again after this long, ms, then after twice as long each time, up to the last.
 */
export const CLAIM_LATE_FIRST_MS = 250;
export const CLAIM_LATE_LAST_MS = 4_000;

/** Peers asked of the tracker at once (DESIGN §5). */
export const PEERS_WANTED = 50;

/** Below this many links a share asks the tracker again (DESIGN §5). */
export const LINKS_ENOUGH = 20;

/** Most links of one share, unless the person sets another number (DESIGN §5). */
export const LINKS_PER_SHARE = 40;

/**
 * A share dials until this part of its places is taken, and leaves the rest to those who dial it. It must stay well
 * below a half: each newcomer takes as many places of others as it dials, and where places run out newcomers find
 * only each other, so that a large swarm becomes a chain (measured in `web/sim`, ADR 7).
 */
export const DIALLED_OF_LINKS = 0.3;

/** People whom a share uploads to at once, unless the person sets another number (DESIGN §5). */
export const UPLOAD_SLOTS = 4;

/** Most links of all shares together; browsers suffer beyond that, and BitTorrent gains nothing. */
export const LINKS_PER_SESSION = 60;

/** Most links being dialled at once: a failing route must not make connections faster than they are collected. */
export const DIALS_AT_ONCE = 6;

/** A dialled peer that has not answered by then has gone; a hidden tab answers within a few seconds. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** Wait before a failed peer is dialled again; doubles with every failure up to the longest. */
export const REDIAL_FIRST_MS = 4_000;
export const REDIAL_LONGEST_MS = 120_000;

/** A link that lived this long was a good one: its end does not count as a failure. */
export const GOOD_LINK_MS = 30_000;

/** Shortest time between two announces that ask for more peers. */
export const ASK_AGAIN_MS = 15_000;

/** Bytes of an offer's name. */
export const OFFER_ID_BYTES = 20;

/** Offers on one announce to a plain WebTorrent tracker (bittorrent-tracker's own number). */
export const OFFERS_PER_ANNOUNCE = 5;

/** Time for such offers to be complete, ms: once one is, no other is waited for longer. */
export const OFFERS_READY_MS = 1_500;

/** Shortest time between two announces with offers to one tracker, ms: they go out at its own interval. */
export const OFFER_AGAIN_MS = 30_000;

/** Such offers of all shares together; each is a connection of the browser until it is answered or over. */
export const OFFERS_AT_ONCE = 15;

/** Calls through trackers of others that have not led to a link yet, per share: whoever runs one can invent callers. */
export const FOREIGN_CALLS_AT_ONCE = 10;

/** Trackers of others that one share is announced to at once. */
export const FOREIGN_TRACKERS = 6;

/** Wait before the trackers of a tier that all failed are tried again; doubles every time up to the longest. */
export const TIER_AGAIN_FIRST_MS = 30_000;
export const TIER_AGAIN_LONGEST_MS = 600_000;

/** Trackers of one torrent that are looked at. */
export const MAX_TRACKERS = 50;

/** Web seeds of one share that are used at once, and that are looked at. */
export const WEB_SEEDS_AT_ONCE = 3;
export const MAX_WEB_SEEDS = 20;

/** Blocks asked of a web seed ahead: 8 MiB, so that ranges are long and its server stays busy between them. */
export const WEB_SEED_REQUESTS = 512;

/** Longest run of neighbouring blocks that is fetched in one go, bytes, and fetches of one web seed at a time. */
export const WEB_SEED_RUN_BYTES = 4 * 1024 * 1024;
export const WEB_SEED_RUNS_AT_ONCE = 2;

/** A server that answers nothing for this long has failed, ms. */
export const WEB_SEED_SILENCE_MS = 15_000;

/** Wait before a web seed that failed is tried again, ms; doubles every time up to the longest. */
export const WEB_SEED_AGAIN_FIRST_MS = 5_000;
export const WEB_SEED_AGAIN_LONGEST_MS = 600_000;

/** How often it is looked whether web seeds are needed, ms. */
export const WEB_SEED_LOOK_MS = 1_000;

/** People have this long to begin before web seeds are used, ms: what they carry costs nobody's server anything. */
export const PEOPLE_FIRST_MS = 3_000;

/** People who bring less than this together are too slow to do without web seeds, bytes per second. */
export const PEOPLE_SLOW_BYTES_PER_SECOND = 256 * 1024;

/** People who bring more than this together do without web seeds again, bytes per second. */
export const PEOPLE_FAST_BYTES_PER_SECOND = 1024 * 1024;

/** Longest .torrent that is read, bytes: 32 MiB of info dictionary (what peers may send), and its piece layers. */
export const MAX_TORRENT_FILE_BYTES = 96 * 1024 * 1024;

/** Longest address of a tracker or web seed, UTF-16 units (what servers commonly take). */
export const MAX_URL_LENGTH = 2_048;

/** Characters of a tracker's own words that are shown. */
export const MAX_REASON_LENGTH = 200;

/** Peers remembered for dialling, per share. */
export const KNOWN_PEERS = 200;

/** Signals waiting to be opened, per share; more than this is a flood and is not kept. */
export const SIGNALS_WAITING = 256;

/** How many offers made with another password are turned away in a minute: guessing through us is slow. */
export const REFUSALS_PER_MINUTE = 30;

/** Offers whose candidates came first, and messages kept for each of them. */
export const EARLY_OFFERS = 32;
export const EARLY_MESSAGES = 8;

/** Longest session description that is passed on, characters; browsers make about 1,000. */
export const MAX_SDP_LENGTH = 32_768;

/** Candidates in one message and characters in one of them. */
export const MAX_CANDIDATES = 64;
export const MAX_CANDIDATE_LENGTH = 1_024;

/** Pieces being hashed or written at once; the engine bounds the bytes, this bounds the open calls. */
export const COMMITS_AT_ONCE = 8;

/** Shortest time between two snapshots, unless a state changed. */
export const SNAPSHOT_INTERVAL_MS = 250;

/** Shortest time between two snapshots when states change in a burst. */
export const HURRY_INTERVAL_MS = 30;

/** How often what all shares may move is divided among them anew, ms. */
export const ALLOT_INTERVAL_MS = 1_000;

/** How long one is alone before the screen says so, and how long the tracker may be away. */
export const ALONE_AFTER_MS = 4_000;
export const UNREACHABLE_AFTER_MS = 4_000;

/** How long a route is looked for before the screen says that there may be none (UI "When it goes wrong"). */
export const NO_ROUTE_AFTER_MS = 7_000;

/** Dropped peers that are remembered for Details. */
export const DROPPED_KEPT = 20;

/** Readers of one share at once; a player has two or three, those it gave up without a word included. */
export const STREAMS_PER_SHARE = 12;

/** A player that has enough for now reads nothing; after this long others' wishes come first again, ms. */
export const STREAM_IDLE_MS = 15_000;

/** A player that jumps closes one reader and opens the next; when it looks for an index it opens two: that settles in, ms. */
export const READERS_SETTLE_MS = 40;

/** Bytes ahead of the player that are fetched before everything else: some 10 s of good video. */
export const WINDOW_BYTES = 16 * 1024 * 1024;

/** How much of a film's beginning is fetched first, bytes: enough for a player to show its first picture. */
export const BEGINNING_BYTES = 1024 * 1024;

/** In a share of more files than this the list of files is not told again for each that has begun or is here. */
export const FILES_FOLLOWED = 500;

/** Bytes written to the disk before they are flushed: a flush for every piece would cost more than writing it. */
export const FLUSH_AFTER_BYTES = 16 * 1024 * 1024;

/** Longest time for which something written stays unflushed. */
export const FLUSH_AFTER_MS = 5_000;

/** How often totals that changed are written down: what a crash forgets of them is no file. */
export const TOTALS_EVERY_MS = 5_000;

/** How often a share that the disk had no room for looks whether there is some now. */
export const ROOM_AGAIN_MS = 10_000;

/**
 * A browser that does not open its database by then, ms, is taken to have none: nothing else may wait for it. A busy one
 * takes a second, and what a person set, such as the relay alone, must not be lost for that.
 */
export const LIBRARY_TIMEOUT_MS = 10_000;

/** Notes of a share's progress on their way to the library: a busy worker hears late that one has arrived. */
export const NOTES_AT_ONCE = 4;
