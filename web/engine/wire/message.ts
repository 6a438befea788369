/**
 * The messages of the peer wire protocol as values (BEP 3, 6, 10, 52).
 *
 * Numbers in a decoded message are any 32-bit unsigned integers that the peer chose to send: bounds are the
 * receiver's to check against the torrent's geometry. Byte arrays are views into the received bytes.
 */

export interface BlockRequest {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

/** The five fields that hash request, hashes and hash reject share (BEP 52 "new messages"). */
export interface HashRange {
  readonly piecesRoot: Uint8Array;
  readonly baseLayer: number;
  readonly index: number;
  readonly length: number;
  readonly proofLayers: number;
}

export type Message =
  | { readonly type: "keep-alive" }
  | { readonly type: "choke" }
  | { readonly type: "unchoke" }
  | { readonly type: "interested" }
  | { readonly type: "not-interested" }
  | { readonly type: "have"; readonly piece: number }
  /** Raw bitfield bytes; bit 7 of byte 0 is piece 0. */
  | { readonly type: "bitfield"; readonly bits: Uint8Array }
  | ({ readonly type: "request" } & BlockRequest)
  | ({ readonly type: "cancel" } & BlockRequest)
  | ({ readonly type: "reject" } & BlockRequest)
  | { readonly type: "piece"; readonly piece: number; readonly begin: number; readonly block: Uint8Array }
  | { readonly type: "suggest"; readonly piece: number }
  | { readonly type: "allowed-fast"; readonly piece: number }
  | { readonly type: "have-all" }
  | { readonly type: "have-none" }
  /** `id` is the receiver's number for the extension, 0 is the extension handshake (BEP 10). */
  | { readonly type: "extended"; readonly id: number; readonly payload: Uint8Array }
  | ({ readonly type: "hash-request" } & HashRange)
  | ({ readonly type: "hash-reject" } & HashRange)
  | ({ readonly type: "hashes"; readonly hashes: Uint8Array } & HashRange)
  /** A message id that we do not know; ignored, so that newer peers can speak to us. */
  | { readonly type: "unknown"; readonly id: number };

/** The 68-byte handshake (BEP 3) with the reserved bits that we read. */
export interface Handshake {
  /** 20 bytes: SHA-1 of a v1 info dictionary, or the first 20 bytes of a v2 infohash. */
  readonly infoHash: Uint8Array;
  /** 20 bytes. */
  readonly peerId: Uint8Array;
  /** BEP 10, reserved[5] & 0x10. */
  readonly extensions: boolean;
  /** BEP 6, reserved[7] & 0x04. */
  readonly fast: boolean;
  /** BEP 52, reserved[7] & 0x10: a hybrid torrent's v1 handshake that may be answered with v2. */
  readonly v2Upgrade: boolean;
}
