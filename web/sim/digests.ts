/** What Node hashes with, synchronously, for engines that run outside of a browser. */
import { hash } from "node:crypto";
import type { Digests } from "../engine/metainfo/torrent.ts";

const digest = (algorithm: string) => (bytes: Uint8Array) => new Uint8Array(hash(algorithm, bytes, "buffer"));

export const digests: Digests = { sha256: digest("sha256"), sha1: digest("sha1") };
