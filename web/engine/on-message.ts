/**
 * What each message of the wire protocol means to a swarm: which part it goes to, and what is out of place.
 *
 * Invariant: nothing that a peer sends throws; it is understood, ignored, or drops that peer.
 */
import { Bitfield } from "./bitfield.ts";
import { MAX_EARLY_HAVES, MAX_PIECE_MAPS } from "./limits.ts";
import { onExtended, sendExtensionHandshake } from "./on-extended.ts";
import { onHandshake } from "./on-handshake.ts";
import type { Peer } from "./peer.ts";
import type { SwarmState, Torrent } from "./swarm-state.ts";
import { pieceIndex } from "./units.ts";
import type { WireEvent } from "./wire/decoder.ts";
import type { BlockRequest, Handshake, HashRange, Message } from "./wire/message.ts";

export function onWireEvent(state: SwarmState, peer: Peer, event: WireEvent): void {
  if (event.type === "handshake") onGreeting(state, peer, event.handshake);
  else if (event.type === "failed") state.drop(peer, event.reason);
  else onMessage(state, peer, event);
}

/** What the peer said about its pieces while their number was not known. */
export function onEarlyPieces(state: SwarmState, torrent: Torrent, peer: Peer): void {
  onPieces(state, peer, peer.early.bits ?? "none");
  peer.early.bits = undefined;
  for (const piece of peer.early.haves.splice(0)) {
    if (state.peers.get(peer.link) === peer) onHave(state, peer, piece);
  }
  torrent.upload.fillSlots(state, state.isSeeding);
}

function onGreeting(state: SwarmState, peer: Peer, handshake: Handshake): void {
  if (!onHandshake(state, peer, handshake)) return;
  sendExtensionHandshake(state, peer);
  if (state.torrent !== undefined) {
    state.torrent.upload.shown.announce(state, peer);
    state.torrent.download.haves.onAnnounced(peer);
    onPieces(state, peer, "none");
  } else if (peer.isFast) {
    state.out.send(peer, { type: "have-none" }, state.now);
  }
}

function onMessage(state: SwarmState, peer: Peer, message: Message): void {
  switch (message.type) {
    case "keep-alive":
    case "unknown":
      break;
    case "choke":
      peer.isChoking = true;
      state.torrent?.download.requests.onChoke(peer);
      break;
    case "unchoke":
      peer.isChoking = false;
      break;
    case "interested":
    case "not-interested":
      peer.isInterested = message.type === "interested";
      state.torrent?.upload.onInterest(state, peer, state.isSeeding);
      break;
    case "have":
      onHave(state, peer, message.piece);
      break;
    case "bitfield":
      onPieceMap(state, peer, message.bits);
      break;
    case "have-all":
    case "have-none":
      if (peer.isFast) onPieceMap(state, peer, message.type === "have-all" ? "all" : "none");
      else state.drop(peer, "message-out-of-place");
      break;
    case "request":
      onRequest(state, peer, message);
      break;
    case "cancel":
      state.torrent?.upload.queue.onCancel(state, peer, message);
      break;
    case "reject":
      if (!state.torrent?.download.requests.onReject(state, peer, message))
        state.drop(peer, "message-out-of-place");
      break;
    case "piece":
      onBlock(state, peer, message.piece, message.begin, message.block);
      break;
    case "suggest":
    case "allowed-fast":
      if (!peer.isFast) state.drop(peer, "message-out-of-place");
      break;
    case "extended":
      onExtended(state, peer, message.id, message.payload);
      break;
    case "hash-request":
      onHashRequest(state, peer, message);
      break;
    case "hashes":
      onHashes(state, peer, message, message.hashes);
      break;
    case "hash-reject":
      state.torrent?.hashes.onReject(state, peer, message);
      state.torrent?.download.judge(state);
      break;
  }
}

/** It may come late, after metadata was fetched (WebTorrent does that), and again (BEP 16, libtorrent). */
function onPieceMap(state: SwarmState, peer: Peer, bits: Uint8Array | "all" | "none"): void {
  if (++peer.pieceMaps > MAX_PIECE_MAPS) state.drop(peer, "message-out-of-place");
  else onPieces(state, peer, bits);
}

function onPieces(state: SwarmState, peer: Peer, bits: Uint8Array | "all" | "none"): void {
  const torrent = state.torrent;
  if (torrent === undefined) {
    peer.early.bits = typeof bits === "string" ? bits : bits.slice();
    return;
  }
  const have = bitfieldOf(bits, torrent.geometry.pieceCount);
  if (have === undefined) {
    state.drop(peer, "bitfield-malformed");
    return;
  }
  torrent.download.interest.onPieces(state, peer, have);
  torrent.upload.shown.onPeerPieces(state, peer, state.copies);
  torrent.hashes.request(state);
}

function onHave(state: SwarmState, peer: Peer, index: number): void {
  const torrent = state.torrent;
  if (torrent === undefined) {
    if (peer.early.haves.push(index) > MAX_EARLY_HAVES) state.drop(peer, "message-out-of-place");
    return;
  }
  const piece = pieceIndex(index, torrent.geometry.pieceCount);
  if (piece === undefined) {
    state.drop(peer, "index-out-of-range");
    return;
  }
  torrent.download.interest.onHave(state, peer, piece);
  torrent.upload.shown.onPeerHave(state, peer, piece, state.copies);
}

function onRequest(state: SwarmState, peer: Peer, request: BlockRequest): void {
  if (state.torrent !== undefined) {
    state.torrent.upload.onRequest(state, peer, request);
  } else if (peer.isFast) {
    const { piece, begin, length } = request;
    state.out.send(peer, { type: "reject", piece, begin, length }, state.now);
  }
}

function onBlock(state: SwarmState, peer: Peer, piece: number, begin: number, block: Uint8Array): void {
  const wasAsked = state.torrent?.download.onBlock(state, peer, piece, begin, block) ?? false;
  if (!wasAsked) state.drop(peer, "block-not-requested");
}

function onHashRequest(state: SwarmState, peer: Peer, range: HashRange): void {
  if (peer.version === "v1") state.drop(peer, "message-out-of-place");
  else if (state.torrent !== undefined) state.torrent.hashes.onRequest(state, peer, range);
  else state.out.send(peer, { ...range, type: "hash-reject" }, state.now);
}

function onHashes(state: SwarmState, peer: Peer, range: HashRange, hashes: Uint8Array): void {
  if (!state.torrent?.hashes.onHashes(state, peer, range, hashes)) return;
  state.torrent.download.judge(state);
  state.fillAll();
}

function bitfieldOf(bits: Uint8Array | "all" | "none", pieceCount: number): Bitfield | undefined {
  if (bits === "all") return Bitfield.full(pieceCount);
  if (bits === "none") return new Bitfield(pieceCount);
  return Bitfield.fromBytes(bits, pieceCount);
}
