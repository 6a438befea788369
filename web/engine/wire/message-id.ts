/** The id byte of each message, and the lengths that go with it. */

// BEP 3
export const CHOKE = 0;
export const UNCHOKE = 1;
export const INTERESTED = 2;
export const NOT_INTERESTED = 3;
export const HAVE = 4;
export const BITFIELD = 5;
export const REQUEST = 6;
export const PIECE = 7;
export const CANCEL = 8;

// BEP 6, fast extension
export const SUGGEST = 13;
export const HAVE_ALL = 14;
export const HAVE_NONE = 15;
export const REJECT = 16;
export const ALLOWED_FAST = 17;

// BEP 10, extension protocol
export const EXTENDED = 20;

// BEP 52, version 2
export const HASH_REQUEST = 21;
export const HASHES = 22;
export const HASH_REJECT = 23;

/** Bytes of the length prefix before each message. */
export const PREFIX_BYTES = 4;

/** Bytes of id, pieces root, base layer, index, length and proof layers (BEP 52). */
export const HASH_RANGE_BYTES = 49;

/** Bytes of one SHA-256. */
export const HASH_BYTES = 32;

/** Whether a message with this id can be this long. `length` counts the id byte, as the prefix does. */
export function isLegalLength(id: number, length: number): boolean {
  switch (id) {
    case CHOKE:
    case UNCHOKE:
    case INTERESTED:
    case NOT_INTERESTED:
    case HAVE_ALL:
    case HAVE_NONE:
      return length === 1;
    case HAVE:
    case SUGGEST:
    case ALLOWED_FAST:
      return length === 5;
    case REQUEST:
    case CANCEL:
    case REJECT:
      return length === 13;
    case PIECE:
      return length >= 9;
    case EXTENDED:
      return length >= 2;
    case HASH_REQUEST:
    case HASH_REJECT:
      return length === HASH_RANGE_BYTES;
    case HASHES:
      return length >= HASH_RANGE_BYTES && (length - HASH_RANGE_BYTES) % HASH_BYTES === 0;
    default:
      return length >= 1;
  }
}
