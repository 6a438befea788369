/**
 * Introductions through a peer that both sides are linked to: our own extension `shoal_introduce`, in the shape
 * of BEP 55 (holepunch), which WebRTC needs too, though with descriptions instead of addresses.
 *
 * "carry" asks the receiver to hand a note to `peer`; "carried" hands a note over and names who it is from, as
 * the one in the middle knows that peer; "refused" says that the note for `peer` went nowhere.
 */
import { MAX_NOTE_BYTES } from "../limits.ts";
import { bytesAt, decode, encode, integerAt, textAt } from "../metainfo/bencode.ts";
import { fail, fromHex, ok, type PeerId, peerId, type Result, toHex } from "../units.ts";
import type { ExtensionFailure } from "./extension-handshake.ts";

export type NoteKind = "offer" | "answer" | "candidates";

/** What the two peers have to tell each other; sealed where the share is, so the one in the middle cannot forge it. */
export interface Note {
  /** 40 hexadecimal digits, of the offer that it belongs to. */
  readonly offerId: string;
  readonly kind: NoteKind;
  readonly text: string;
}

export type IntroductionMessage =
  | { readonly type: "carry" | "carried"; readonly peer: PeerId; readonly note: Note }
  | { readonly type: "refused"; readonly peer: PeerId; readonly offerId: string };

const MESSAGE_TYPES = ["carry", "carried", "refused"] as const;
const KINDS: readonly NoteKind[] = ["offer", "answer", "candidates"];

/** The note and the dictionary around it. */
const MAX_PAYLOAD_BYTES = MAX_NOTE_BYTES + 256;

export function encodeIntroduction(message: IntroductionMessage): Uint8Array {
  const { offerId, kind, text } =
    message.type === "refused"
      ? { offerId: message.offerId, kind: undefined, text: undefined }
      : message.note;
  return encode({
    kind,
    msg_type: MESSAGE_TYPES.indexOf(message.type),
    offer_id: fromHex(offerId) ?? new Uint8Array(0),
    peer: fromHex(message.peer) ?? new Uint8Array(0),
    text,
  });
}

/** Total. Undefined for a message of a type that we do not know, which later versions may send. */
export function decodeIntroduction(
  payload: Uint8Array,
): Result<IntroductionMessage | undefined, ExtensionFailure> {
  if (payload.length > MAX_PAYLOAD_BYTES) return fail("extension-malformed");
  const decoded = decode(payload);
  if (!decoded.ok || decoded.value.value.type !== "dictionary") return fail("extension-malformed");
  const dictionary = decoded.value.value;
  const number = integerAt(dictionary, "msg_type");
  if (number === undefined) return fail("extension-malformed");
  const type = MESSAGE_TYPES[number];
  if (type === undefined) return ok(undefined);

  const peer = peerId(toHex(bytesAt(dictionary, "peer") ?? new Uint8Array(0)));
  const offerId = peerId(toHex(bytesAt(dictionary, "offer_id") ?? new Uint8Array(0)));
  if (peer === undefined || offerId === undefined) return fail("extension-malformed");
  if (type === "refused") return ok({ type, peer, offerId });
  const kind = KINDS.find((known) => known === textAt(dictionary, "kind"));
  const text = textAt(dictionary, "text");
  if (kind === undefined || text === undefined) return fail("extension-malformed");
  return ok({ type, peer, note: { offerId, kind, text } });
}
