/**
 * Peer exchange with peer ids instead of addresses: our own extension `shoal_pex`, in the shape of BEP 11.
 *
 * A browser has no address that a third party could dial; who wants to meet an exchanged peer asks to be
 * introduced to its id. `added` and `dropped` are 20-byte ids in a row, `added.f` has one byte for each id added.
 */
import { PEX_MAX_PEERS } from "../limits.ts";
import { type BencodeDictionary, bytesAt, decode, encode } from "../metainfo/bencode.ts";
import { fail, fromHex, invariant, ok, type PeerId, peerId, type Result, toHex } from "../units.ts";
import type { ExtensionFailure } from "./extension-handshake.ts";

export interface PexPeer {
  readonly peer: PeerId;
  readonly isSeed: boolean;
}

/** Peers that the sender linked to, and lost, since its last message. At most PEX_MAX_PEERS of each. */
export interface PexMessage {
  readonly added: readonly PexPeer[];
  readonly dropped: readonly PeerId[];
}

const PEER_ID_BYTES = 20;
const SEED_FLAG = 0x02;

/** Longest payload: two full lists, the flags and the dictionary around them. */
const MAX_PAYLOAD_BYTES = PEX_MAX_PEERS * (2 * PEER_ID_BYTES + 1) + 256;

export function encodePex(message: PexMessage): Uint8Array {
  invariant(
    message.added.length <= PEX_MAX_PEERS && message.dropped.length <= PEX_MAX_PEERS,
    "a peer exchange message names too many peers",
  );
  return encode({
    added: joinIds(message.added.map(({ peer }) => peer)),
    "added.f": Uint8Array.from(message.added, ({ isSeed }) => (isSeed ? SEED_FLAG : 0)),
    dropped: joinIds(message.dropped),
  });
}

/** Total. An absent list is an empty one; missing flags read as "no seed". */
export function decodePex(payload: Uint8Array): Result<PexMessage, ExtensionFailure> {
  if (payload.length > MAX_PAYLOAD_BYTES) return fail("extension-malformed");
  const decoded = decode(payload);
  if (!decoded.ok || decoded.value.value.type !== "dictionary") return fail("extension-malformed");
  const dictionary = decoded.value.value;
  const added = idsAt(dictionary, "added");
  const dropped = idsAt(dictionary, "dropped");
  if (added === undefined || dropped === undefined) return fail("extension-malformed");
  const flags = bytesAt(dictionary, "added.f");
  return ok({
    added: added.map((peer, at) => ({ peer, isSeed: ((flags?.[at] ?? 0) & SEED_FLAG) !== 0 })),
    dropped,
  });
}

function joinIds(peers: readonly PeerId[]): Uint8Array {
  const bytes = new Uint8Array(peers.length * PEER_ID_BYTES);
  for (const [at, peer] of peers.entries()) {
    bytes.set(fromHex(peer) ?? [], at * PEER_ID_BYTES);
  }
  return bytes;
}

function idsAt(dictionary: BencodeDictionary, key: string): PeerId[] | undefined {
  const bytes = bytesAt(dictionary, key) ?? new Uint8Array(0);
  if (bytes.length % PEER_ID_BYTES !== 0 || bytes.length > PEX_MAX_PEERS * PEER_ID_BYTES) return undefined;
  const peers: PeerId[] = [];
  for (let at = 0; at < bytes.length; at += PEER_ID_BYTES) {
    const peer = peerId(toHex(bytes.subarray(at, at + PEER_ID_BYTES)));
    if (peer !== undefined) peers.push(peer);
  }
  return peers;
}
