/** The extension protocol (BEP 10): the extension handshake, and which part each extension's messages go to. */
import { CLIENT_NAME, REQUEST_QUEUE_LIMIT } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { SwarmState } from "./swarm-state.ts";
import { pieceIndex } from "./units.ts";
import { decodeDontHave } from "./wire/dont-have.ts";
import {
  decodeExtensionHandshake,
  EXTENSION_HANDSHAKE_ID,
  encodeExtensionHandshake,
  extensionName,
} from "./wire/extension-handshake.ts";
import { decodeIntroduction } from "./wire/introduction.ts";
import { decodeMetadataMessage } from "./wire/metadata.ts";
import { decodePex } from "./wire/pex.ts";

export function onExtended(state: SwarmState, peer: Peer, id: number, payload: Uint8Array): void {
  if (id === EXTENSION_HANDSHAKE_ID) {
    onExtensionHandshake(state, peer, payload);
    return;
  }
  switch (extensionName(id)) {
    case "ut_metadata":
      onMetadata(state, peer, payload);
      break;
    case "lt_donthave":
      onDontHave(state, peer, payload);
      break;
    case "shoal_pex":
      onPex(state, peer, payload);
      break;
    case "shoal_introduce":
      onIntroduction(state, peer, payload);
      break;
    case undefined:
      break;
  }
}

/** Sent after the handshake, and again when the metadata is known: a size that came late is still told. */
export function sendExtensionHandshake(state: SwarmState, peer: Peer): void {
  if (!peer.hasExtensions) return;
  const metadataSize = state.metadata.info?.bytes.length;
  const payload = encodeExtensionHandshake({
    client: CLIENT_NAME,
    reqq: REQUEST_QUEUE_LIMIT,
    ...(metadataSize !== undefined && { metadataSize }),
    uploadOnly: state.torrent?.download.have.isFull ?? false,
  });
  state.out.send(peer, { type: "extended", id: EXTENSION_HANDSHAKE_ID, payload }, state.now);
}

function onExtensionHandshake(state: SwarmState, peer: Peer, payload: Uint8Array): void {
  const decoded = decodeExtensionHandshake(payload);
  if (!decoded.ok) {
    state.drop(peer, decoded.reason);
    return;
  }
  const { ids, client, reqq, metadataSize, uploadOnly } = decoded.value;
  for (const [name, id] of ids) {
    if (id > 0) peer.extensionIds.set(name, id);
    else peer.extensionIds.delete(name);
  }
  state.exchange.onExtensions();
  peer.client = client ?? peer.client;
  peer.reqq = reqq ?? peer.reqq;
  peer.isUploadOnly = uploadOnly ?? peer.isUploadOnly;
  state.torrent?.download.interest.update(state, peer);
  if (metadataSize !== undefined) state.metadata.onSize(state, peer, metadataSize);
}

function onMetadata(state: SwarmState, peer: Peer, payload: Uint8Array): void {
  const decoded = decodeMetadataMessage(payload);
  if (!decoded.ok) {
    state.drop(peer, decoded.reason);
    return;
  }
  if (decoded.value === undefined) return;
  const parsed = state.metadata.onMessage(state, peer, decoded.value);
  if (parsed?.ok === true) state.onMetadata(parsed.value);
  else if (parsed !== undefined) state.out.push({ type: "metadata-invalid", reason: parsed.reason });
}

function onDontHave(state: SwarmState, peer: Peer, payload: Uint8Array): void {
  const decoded = decodeDontHave(payload);
  if (!decoded.ok) {
    state.drop(peer, decoded.reason);
    return;
  }
  const piece = pieceIndex(decoded.value, state.torrent?.geometry.pieceCount ?? 0);
  if (piece !== undefined) state.torrent?.download.onDontHave(state, peer, piece);
}

function onPex(state: SwarmState, peer: Peer, payload: Uint8Array): void {
  const decoded = decodePex(payload);
  if (!decoded.ok) state.drop(peer, decoded.reason);
  else if (!state.peersFromTrackersOnly) state.exchange.onMessage(state, peer, decoded.value);
}

function onIntroduction(state: SwarmState, peer: Peer, payload: Uint8Array): void {
  const decoded = decodeIntroduction(payload);
  if (!decoded.ok) state.drop(peer, decoded.reason);
  else if (decoded.value !== undefined && !state.peersFromTrackersOnly) {
    state.goBetween.onMessage(state, peer, decoded.value);
  }
}
