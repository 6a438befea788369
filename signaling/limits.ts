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
