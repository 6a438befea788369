/** `lt_donthave`: the sender lost a piece that it had announced, for example to eviction (BEP 54). */
import { fail, ok, type Result } from "../units.ts";
import type { ExtensionFailure } from "./extension-handshake.ts";
import { readUint32, writeUint32 } from "./uint32.ts";

const PAYLOAD_BYTES = 4;

export function encodeDontHave(piece: number): Uint8Array {
  const payload = new Uint8Array(PAYLOAD_BYTES);
  writeUint32(payload, 0, piece);
  return payload;
}

/** The piece, any 32-bit number: whether there is such a piece is the receiver's to check. */
export function decodeDontHave(payload: Uint8Array): Result<number, ExtensionFailure> {
  return payload.length === PAYLOAD_BYTES ? ok(readUint32(payload, 0)) : fail("extension-malformed");
}
