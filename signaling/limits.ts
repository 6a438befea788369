/**
 * Every number of the signaling protocol and of the server, with its unit, the reason for it and where it
 * comes from. Nothing here needs Node: messages.ts, which the browser loads too, reads its sizes from here.
 */
const KIB = 1024;

// Sizes of messages.

/** Longest message accepted by the server, bytes (aquatic's limit): ten offers of an ordinary 3 KiB, and room. */
export const MAX_CLIENT_MESSAGE_BYTES = 64 * KIB;
/** Longest message that a client accepts from a server, UTF-16 units: 50 peers or one SDP, and much room. */
export const MAX_SERVER_MESSAGE_LENGTH = 256 * KIB;
/** Longest SDP, sealed or not, UTF-16 units. One with every candidate of a laptop on VPN is about 4 KiB. */
export const MAX_SDP_LENGTH = 16 * KIB;
/** Longest batch of candidates, sealed or not, UTF-16 units. */
export const MAX_CANDIDATES_LENGTH = 16 * KIB;
/** Offers in one announce that are read; the rest is ignored (WebTorrent sends 5, aquatic reads 10). */
export const MAX_OFFERS = 10;
/** Peers in one announce response, and the largest `numwant` that means anything (BEP 3's customary 50). */
export const MAX_PEERS = 50;
/** Swarms in one scrape (BEP 15 allows 74 in a UDP scrape). */
export const MAX_SCRAPES = 64;
/** ICE servers in `GET /config` and URLs in each; browsers warn from five servers on. */
export const MAX_ICE_SERVERS = 8;
/** Longest reason, URL or other short text, UTF-16 units. */
export const MAX_SHORT_TEXT_LENGTH = 512;

// The swarm's clockwork.

/** Between announces, s; what the reference server and aquatic say. */
export const ANNOUNCE_INTERVAL_SECONDS = 120;
/** A peer that did not announce for this long has left without saying so, ms: five announces missed. */
export const PEER_TTL_MS = 5 * ANNOUNCE_INTERVAL_SECONDS * 1000;
/** Life of an offer without an answer, and of an answered one for candidates, ms. WebTorrent gives up after 50 s. */
export const OFFER_TTL_MS = 60_000;
/** The hub is woken this often, ms: the precision of every time-out of it. */
export const TICK_MS = 1_000;

// Liveness.

/** A socket that said nothing for this long is pinged, ms: under the 60 s after which many proxies hang up. */
export const PING_AFTER_MS = 30_000;
/** Without a sign of life for this long after a ping the socket is dead, ms. */
export const PONG_WITHIN_MS = 20_000;
/** The same when somebody else claims a peer id of it, ms: a client that changed networks waits no longer. */
export const CLAIM_WITHIN_MS = 3_000;
/** A socket that is in no swarm and says nothing for this long is closed, ms: aquatic's idle limit. */
export const IDLE_WITHOUT_SWARM_MS = 180_000;
/** Time for the other end to finish the closing handshake before the connection is cut, ms. */
export const CLOSE_GRACE_MS = 2_000;

// What clients are told, and HTTP.

/** Life of TURN credentials, s: a relayed transfer of half a day needs no new ones. */
export const TURN_TTL_SECONDS = 12 * 3600;
/** How long a browser that came by TLS comes back by TLS alone, s: half a year, as is customary. */
export const HSTS_SECONDS = 180 * 86_400;
/** Longest body of a request, bytes; none of ours has one. */
export const MAX_BODY_BYTES = 1 * KIB;

/** A bucket that holds `capacity` tokens and gains `perSecond`. */
export interface Rate {
  readonly capacity: number;
  readonly perSecond: number;
}

/** What is lifted by `LIMITS=off`. */
export interface Limits {
  /** TCP connections from one address when no proxy is in front: the sockets, and what loads pages beside them. */
  readonly connectionsPerAddress: number;
  /** TCP connections in all: likewise. */
  readonly connections: number;
  /** Time for a client to send a whole request, ms: no connection is held half open longer. */
  readonly requestMs: number;
  /** Open sockets from one address (IPv6: one /64). An office behind one NAT has many. */
  readonly socketsPerAddress: number;
  /** New sockets from one address: a page of tabs at once, then calm. */
  readonly newSocketsPerAddress: Rate;
  /** Requests of `GET /config` from one address: one per tab and credential lifetime is the normal. */
  readonly configsPerAddress: Rate;
  /** Open sockets in all; a socket with a peer takes about 10 KiB. */
  readonly sockets: number;
  /** Messages on one socket: 40 links are 40 offers, 40 answers and some batches of candidates at once. */
  readonly messagesPerSocket: Rate;
  /** UTF-16 units of messages on one socket: 100 torrents announcing five 3 KiB offers at once, then calm. */
  readonly lengthPerSocket: Rate;
  /** Peers (a peer id in a swarm) that one socket may be; a WebTorrent client has one for each torrent. */
  readonly peersPerSocket: number;
  /** Of these in the same swarm: clients of one page share a socket (bittorrent-tracker's pool). */
  readonly peersPerSocketAndSwarm: number;
  /** Peers in one swarm. */
  readonly peersPerSwarm: number;
  /** Offers of one peer that are not expired yet: 50 targets, twice, and room. */
  readonly offersPerPeer: number;
  /** Bytes waiting for a slow reader before it is cut off. */
  readonly bufferedBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  connectionsPerAddress: 300,
  connections: 25_000,
  requestMs: 10_000,
  socketsPerAddress: 200,
  newSocketsPerAddress: { capacity: 60, perSecond: 5 },
  configsPerAddress: { capacity: 60, perSecond: 1 },
  sockets: 20_000,
  messagesPerSocket: { capacity: 500, perSecond: 50 },
  lengthPerSocket: { capacity: 4_096 * KIB, perSecond: 128 * KIB },
  peersPerSocket: 256,
  peersPerSocketAndSwarm: 8,
  peersPerSwarm: 10_000,
  offersPerPeer: 200,
  bufferedBytes: 1_024 * KIB,
};

const noRate: Rate = { capacity: Number.POSITIVE_INFINITY, perSecond: 0 };

/** For benchmarks on loopback. Sizes of messages stay limited. */
export const NO_LIMITS: Limits = {
  connectionsPerAddress: Number.POSITIVE_INFINITY,
  connections: Number.POSITIVE_INFINITY,
  // Node's word for none.
  requestMs: 0,
  socketsPerAddress: Number.POSITIVE_INFINITY,
  newSocketsPerAddress: noRate,
  configsPerAddress: noRate,
  sockets: Number.POSITIVE_INFINITY,
  messagesPerSocket: noRate,
  lengthPerSocket: noRate,
  peersPerSocket: Number.POSITIVE_INFINITY,
  peersPerSocketAndSwarm: Number.POSITIVE_INFINITY,
  peersPerSwarm: Number.POSITIVE_INFINITY,
  offersPerPeer: Number.POSITIVE_INFINITY,
  bufferedBytes: Number.POSITIVE_INFINITY,
};

// Several processes as one tracker.

/** How often a process says in the directory that it lives, and looks who does not, ms. */
export const NODE_BEAT_MS = 2_000;
/** A process that did not say so for this long is dead, ms: three beats missed. */
export const NODE_TTL_MS = 6_000;
/** A directory that does not answer within this time is out of order, ms; clients would rather not wait longer. */
export const DIRECTORY_TIMEOUT_MS = 1_000;
/** Longest pause between tries to reach the directory, ms. */
export const DIRECTORY_RETRY_MS = 2_000;
/** Peers of a dead process that are taken out in one go: a millisecond or two of the directory's time. */
export const BURIAL_BATCH = 500;
