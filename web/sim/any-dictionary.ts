/** Well-formed dictionaries with right keys and any values: they get past the bencode that random bytes fail at. */
import fc from "fast-check";
import { type Bencodable, encode } from "../engine/metainfo/bencode.ts";

/** The keys of each extension's messages, and those of the handshake's inner dictionary. */
export const EXTENSION_KEYS = {
  handshake: ["m", "v", "reqq", "metadata_size", "upload_only", "ut_metadata", "lt_donthave", "shoal_pex"],
  metadata: ["msg_type", "piece", "total_size"],
  exchange: ["added", "added.f", "dropped"],
  introduction: ["msg_type", "peer", "offer_id", "kind", "text"],
} as const;

/** The bytes of one, with a few others behind them now and then. */
export function anyDictionary(keys: readonly string[]): fc.Arbitrary<Uint8Array> {
  const anyKey = fc.constantFrom(...keys);
  const { value } = fc.letrec<{ value: Bencodable }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      { weight: 4, arbitrary: fc.nat(3) },
      fc.constantFrom(-1, 255, 16_384, 2 ** 31, 2 ** 53 - 1),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
      { weight: 2, arbitrary: fc.constantFrom(0, 20, 40).map((size) => new Uint8Array(size).fill(size)) },
      fc.uint8Array({ maxLength: 60 }),
      fc.constantFrom("offer", "answer", "candidate"),
      fc.array(tie("value"), { maxLength: 3 }),
      { weight: 2, arbitrary: fc.dictionary(anyKey, tie("value"), { maxKeys: 4 }) },
    ),
  }));
  const rest = fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 8 }));
  return fc
    .tuple(fc.dictionary(anyKey, value, { maxKeys: keys.length }), rest)
    .map(([fields, behind]) => Uint8Array.of(...encode(fields), ...behind));
}
