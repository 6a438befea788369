/**
 * Who speaks first on a link, with which infohash, and what comes of it (BEP 3, BEP 52 "upgrade path").
 *
 * A hybrid torrent has two infohashes, and each link speaks one of two protocols. Who dialled names the v1 one to
 * whoever it met in the v1 swarm, and says that v2 would be possible; who was dialled and knows both waits for that
 * and answers with the v2 one if both sides can. Where only one hash is known nobody has a choice or waits.
 *
 * Invariants
 *  1. Exactly one handshake is sent on a link.
 *  2. The version of a link is settled when both handshakes are there: v2 if either names it, else v1.
 */
import { equalBytes } from "./bytes.ts";
import type { Peer } from "./peer.ts";
import type { SwarmState } from "./swarm-state.ts";
import { toHex } from "./units.ts";
import { encodeHandshake } from "./wire/handshake.ts";
import type { Handshake } from "./wire/message.ts";

/** The link is open: greets, unless it is for the other side to begin. */
export function greet(state: SwarmState, peer: Peer): void {
  const { v1, v2 } = state.shortHashes;
  if (v1 === undefined || v2 === undefined) {
    send(state, peer, v2 ?? v1, false);
  } else if (peer.initiated === true) {
    const isV1 = peer.metIn !== "v2";
    send(state, peer, isV1 ? v1 : v2, isV1);
  } else if (peer.initiated === undefined) {
    send(state, peer, v2, false);
  }
}

/** @returns false when it made us drop the peer. */
export function onHandshake(state: SwarmState, peer: Peer, handshake: Handshake): boolean {
  const { v1, v2 } = state.shortHashes;
  const namesV1 = v1 !== undefined && equalBytes(handshake.infoHash, v1);
  const namesV2 = v2 !== undefined && equalBytes(handshake.infoHash, v2);
  const id = toHex(handshake.peerId);
  if (!namesV1 && !namesV2) {
    state.drop(peer, "handshake-other-torrent");
    return false;
  }
  if (id !== peer.id) {
    state.drop(peer, id === state.options.self ? "peer-is-self" : "handshake-other-peer");
    return false;
  }
  if (peer.greeting === undefined) send(state, peer, namesV2 || handshake.v2Upgrade ? v2 : v1, false);
  const { greeting } = peer;
  const saidV2 = greeting !== undefined && v2 !== undefined && equalBytes(greeting.infoHash, v2);
  // Whoever names one hash and hears the other goes on only if v2 was offered to the side that named v1.
  const isUpgraded = saidV2 ? handshake.v2Upgrade : greeting?.v2Upgrade;
  if (saidV2 !== namesV2 && isUpgraded !== true) {
    state.drop(peer, "handshake-other-torrent");
    return false;
  }
  peer.version = saidV2 || namesV2 ? "v2" : "v1";
  peer.isHandshakeDone = true;
  peer.isFast = handshake.fast;
  peer.hasExtensions = handshake.extensions;
  return true;
}

function send(state: SwarmState, peer: Peer, infoHash: Uint8Array | undefined, v2Upgrade: boolean): void {
  if (infoHash === undefined) return;
  peer.greeting = { infoHash, v2Upgrade };
  const handshake = { infoHash, peerId: state.selfBytes, extensions: true, fast: true, v2Upgrade };
  state.out.sendHandshake(peer, encodeHandshake(handshake), state.now);
}
