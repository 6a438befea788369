/**
 * Messages of the metadata exchange, which carries the info dictionary in blocks (BEP 9).
 *
 * The bytes of a `data` message follow its dictionary. Whether a block was asked for and has the right length
 * is the receiver's to check.
 */

import { METADATA_BLOCK_BYTES } from "../limits.ts";
import { decodePrefix, encode, integerAt } from "../metainfo/bencode.ts";
import { fail, ok, type Result } from "../units.ts";
import type { ExtensionFailure } from "./extension-handshake.ts";

export type MetadataMessage =
  | { readonly type: "request"; readonly piece: number }
  /** `totalSize` is the size of the whole info dictionary, bytes; `data` a view into the payload. */
  | { readonly type: "data"; readonly piece: number; readonly totalSize: number; readonly data: Uint8Array }
  | { readonly type: "reject"; readonly piece: number };

const REQUEST = 0;
const DATA = 1;
const REJECT = 2;

/** Room for the dictionary of a `data` message, generously. */
const MAX_DICTIONARY_BYTES = 1024;

export function encodeMetadataMessage(message: MetadataMessage): Uint8Array {
  const { piece } = message;
  switch (message.type) {
    case "request":
      return encode({ msg_type: REQUEST, piece });
    case "reject":
      return encode({ msg_type: REJECT, piece });
    case "data": {
      const dictionary = encode({ msg_type: DATA, piece, total_size: message.totalSize });
      const payload = new Uint8Array(dictionary.length + message.data.length);
      payload.set(dictionary);
      payload.set(message.data, dictionary.length);
      return payload;
    }
  }
}

/**
 * Total. A negative piece or size, a block that is too long, or bytes after a request make it malformed.
 * Undefined for a kind of message that we do not know, which is to be ignored (BEP 9).
 */
export function decodeMetadataMessage(
  payload: Uint8Array,
): Result<MetadataMessage | undefined, ExtensionFailure> {
  if (payload.length > METADATA_BLOCK_BYTES + MAX_DICTIONARY_BYTES) return fail("extension-malformed");
  const decoded = decodePrefix(payload);
  if (!decoded.ok || decoded.value.value.type !== "dictionary") return fail("extension-malformed");
  const dictionary = decoded.value.value;
  const type = integerAt(dictionary, "msg_type");
  const piece = integerAt(dictionary, "piece");
  if (type === undefined || piece === undefined || piece < 0) return fail("extension-malformed");
  const data = payload.subarray(dictionary.end);
  if (type === DATA) {
    const totalSize = integerAt(dictionary, "total_size");
    if (totalSize === undefined || totalSize < 0) return fail("extension-malformed");
    if (data.length > METADATA_BLOCK_BYTES) return fail("extension-malformed");
    return ok({ type: "data", piece, totalSize, data });
  }
  if (type !== REQUEST && type !== REJECT) return ok(undefined);
  if (data.length > 0) return fail("extension-malformed");
  return ok({ type: type === REQUEST ? "request" : "reject", piece });
}
