import fc from "fast-check";
import { expect, test } from "vitest";
import { anyDictionary, EXTENSION_KEYS } from "../../sim/any-dictionary.ts";
import { decodeExtensionHandshake } from "./extension-handshake.ts";
import { decodeIntroduction } from "./introduction.ts";
import { decodeMetadataMessage } from "./metadata.ts";
import { decodePex } from "./pex.ts";

const DECODERS = {
  handshake: decodeExtensionHandshake,
  metadata: decodeMetadataMessage,
  exchange: decodePex,
  introduction: decodeIntroduction,
} as const;

for (const name of ["handshake", "metadata", "exchange", "introduction"] as const) {
  test(`${name}: whatever a well-formed dictionary says is taken or refused, never thrown at`, () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(anyDictionary(EXTENSION_KEYS[name]), (bytes) => void seen.add(DECODERS[name](bytes).ok)),
      { numRuns: 1000, seed: 1 },
    );
    // It got past the bencode: some of them mean something.
    expect(seen).toContain(true);
  });
}
