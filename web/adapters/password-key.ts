/**
 * What a password adds to the sealing key: Argon2id (RFC 9106), salted with the infohash, so that a guess costs
 * as much in every share anew.
 *
 * Time and memory are what RFC 9106 §4 recommends where memory is scarce: 64 MiB, three passes.
 */
import { argon2id } from "hash-wasm";
import { fromHex, invariant } from "../engine/units.ts";
import type { DerivePasswordKey } from "../ports/sealing.ts";

const MEMORY_KIB = 64 * 1024;
const PASSES = 3;
const KEY_BYTES = 32;

export const derivePasswordKey: DerivePasswordKey = async (infoHash, password) => {
  const salt = fromHex(infoHash);
  invariant(salt, "an infohash is hexadecimal");
  return argon2id({
    // Keyboards differ in how they compose accents (RFC 8265 §4.2 asks for this form).
    password: password.normalize("NFC"),
    salt,
    memorySize: MEMORY_KIB,
    iterations: PASSES,
    parallelism: 1,
    hashLength: KEY_BYTES,
    outputType: "binary",
  });
};
