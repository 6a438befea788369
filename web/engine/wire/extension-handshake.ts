/**
 * The extension handshake: which extensions a peer speaks and under which numbers it wants them (BEP 10).
 *
 * It may come again at any time; names in it add to or change those said before, and what it does not mention
 * stays. Entries of the wrong type are ignored, as other programs do; only bytes that are no dictionary at all
 * are malformed.
 */

import type { DropReason } from "../io.ts";
import { MAX_METADATA_BYTES } from "../limits.ts";
import { type Bencodable, decode, dictionaryAt, encode, integerAt, textAt } from "../metainfo/bencode.ts";
import { fail, ok, type Result } from "../units.ts";

export type ExtensionFailure = Extract<DropReason, "extension-malformed">;

/** The id of the extension handshake in an `extended` message. */
export const EXTENSION_HANDSHAKE_ID = 0;

/** What we speak: metadata (BEP 9), dont-have (BEP 54), and our own peer exchange and introductions. */
export type ExtensionName = "ut_metadata" | "lt_donthave" | "shoal_pex" | "shoal_introduce";

/** Our numbers: peers send an extension's messages to us with these. */
export const EXTENSION_IDS: Readonly<Record<ExtensionName, number>> = {
  ut_metadata: 1,
  lt_donthave: 2,
  shoal_pex: 3,
  shoal_introduce: 4,
};

/** Longest client name that we keep, characters. */
const MAX_CLIENT_LENGTH = 64;

/** Longest extension handshake that we read, bytes; real ones have a few hundred. */
const MAX_HANDSHAKE_BYTES = 16 * 1024;

/** Every field is undefined when the peer did not say it. */
export interface ExtensionHandshake {
  /** The sender's number for each extension that we speak too, by name; 0 means that it no longer speaks it. */
  readonly ids: ReadonlyMap<string, number>;
  /** Client name and version (`v`), untrusted text of at most 64 characters. */
  readonly client?: string;
  /** Requests that the sender keeps in its queue (`reqq`), at least 1. */
  readonly reqq?: number;
  /** Bytes of the info dictionary (BEP 9), 1 … MAX_METADATA_BYTES. */
  readonly metadataSize?: number;
  /** The sender downloads nothing (BEP 21). */
  readonly uploadOnly?: boolean;
}

/** The name of the extension that peers send to us with this number. */
export function extensionName(id: number): ExtensionName | undefined {
  switch (id) {
    case EXTENSION_IDS.ut_metadata:
      return "ut_metadata";
    case EXTENSION_IDS.lt_donthave:
      return "lt_donthave";
    case EXTENSION_IDS.shoal_pex:
      return "shoal_pex";
    case EXTENSION_IDS.shoal_introduce:
      return "shoal_introduce";
    default:
      return undefined;
  }
}

/** Writes the payload of our handshake: `ids` is always EXTENSION_IDS. */
export function encodeExtensionHandshake(handshake: Omit<ExtensionHandshake, "ids">): Uint8Array {
  const { client, reqq, metadataSize, uploadOnly } = handshake;
  const dictionary: Record<string, Bencodable | undefined> = {
    m: { ...EXTENSION_IDS },
    metadata_size: metadataSize,
    reqq,
    upload_only: uploadOnly === undefined ? undefined : Number(uploadOnly),
    v: client,
  };
  return encode(dictionary);
}

/** Total. A size, a queue or an id out of range counts as not said. */
export function decodeExtensionHandshake(payload: Uint8Array): Result<ExtensionHandshake, ExtensionFailure> {
  if (payload.length > MAX_HANDSHAKE_BYTES) return fail("extension-malformed");
  const decoded = decode(payload);
  if (!decoded.ok || decoded.value.value.type !== "dictionary") return fail("extension-malformed");
  const dictionary = decoded.value.value;

  const ids = new Map<string, number>();
  for (const [name, id] of dictionaryAt(dictionary, "m")?.entries ?? []) {
    if (!Object.hasOwn(EXTENSION_IDS, name)) continue;
    if (id.type === "integer" && id.value >= 0 && id.value <= 255) ids.set(name, Number(id.value));
  }
  const client = textAt(dictionary, "v")?.slice(0, MAX_CLIENT_LENGTH);
  const reqq = integerAt(dictionary, "reqq");
  const metadataSize = integerAt(dictionary, "metadata_size");
  const uploadOnly = integerAt(dictionary, "upload_only");
  return ok({
    ids,
    ...(client !== undefined && { client }),
    ...(reqq !== undefined && reqq >= 1 && { reqq }),
    ...(metadataSize !== undefined &&
      metadataSize >= 1 &&
      metadataSize <= MAX_METADATA_BYTES && { metadataSize }),
    ...(uploadOnly !== undefined && { uploadOnly: uploadOnly !== 0 }),
  });
}
