/**
 * Magnet links (BEP 9, BEP 52, BEP 53).
 *
 * Text from anywhere: parsing is total, length and file numbers are bounded. Exact topics that we do not know
 * are passed over; one that we know and that is broken makes the link broken. Addresses of peers (`x.pe`) mean
 * nothing to a browser and are passed over too.
 */
import { MAX_LINK_CHARACTERS, MAX_SELECTED_FILE } from "../limits.ts";
import {
  fail,
  fromHex,
  type InfoHash,
  type InfoHashV1,
  infoHash,
  infoHashV1,
  ok,
  type Result,
  toHex,
} from "../units.ts";
import { fromBase32 } from "./base-encoding.ts";
import type { InfoHashes } from "./info-hashes.ts";
import { fromPercentEncoded } from "./text.ts";

/** `urn:btmh` is the v2 infohash, `urn:btih` the v1 one. */
export type Magnet = InfoHashes & MagnetParameters;

export interface MagnetParameters {
  /** What the link says the torrent is called. Untrusted text. */
  readonly name?: string;
  readonly trackers: readonly string[];
  /** Web seeds (BEP 19), if any. */
  readonly webSeeds?: readonly string[];
  /** Files to download, ascending; absent means all of them (BEP 53). */
  readonly select?: readonly number[];
}

export type MagnetReason = "not-a-magnet" | "too-long" | "topic-missing" | "topic-malformed";

const PREFIX = "magnet:?";
/** Multihash of SHA-256: code 0x12, 0x20 bytes. */
const SHA256_MULTIHASH = "1220";

export function parseMagnet(text: string): Result<Magnet, MagnetReason> {
  if (text.slice(0, PREFIX.length).toLowerCase() !== PREFIX) return fail("not-a-magnet");
  if (text.length > MAX_LINK_CHARACTERS) return fail("too-long");
  let v1: InfoHashV1 | undefined;
  let v2: InfoHash | undefined;
  let name: string | undefined;
  const trackers = new Set<string>();
  const webSeeds = new Set<string>();
  const selections: string[] = [];
  for (const parameter of text.slice(PREFIX.length).split("&")) {
    const equals = parameter.indexOf("=");
    if (equals < 0) continue;
    // A name may be given several times with a number behind it: `tr.1`.
    const key = parameter
      .slice(0, equals)
      .toLowerCase()
      .replace(/\.\d+$/, "");
    const value = fromPercentEncoded(parameter.slice(equals + 1).replaceAll("+", " "));
    if (key === "dn") name ??= value;
    else if (key === "tr" && value !== "") trackers.add(value);
    else if (key === "ws" && value !== "") webSeeds.add(value);
    else if (key === "so") selections.push(value);
    else if (key === "xt") {
      const topic = value.toLowerCase();
      if (topic.startsWith("urn:btmh:")) {
        v2 = v2Topic(topic.slice("urn:btmh:".length));
        if (v2 === undefined) return fail("topic-malformed");
      } else if (topic.startsWith("urn:btih:")) {
        v1 = v1Topic(topic.slice("urn:btih:".length));
        if (v1 === undefined) return fail("topic-malformed");
      }
    }
  }
  const hashes = hashesOf(v1, v2);
  if (hashes === undefined) return fail("topic-missing");
  const select = selectedFiles(selections);
  return ok({
    ...hashes,
    ...(name !== undefined && { name }),
    trackers: [...trackers],
    ...(webSeeds.size > 0 && { webSeeds: [...webSeeds] }),
    ...(select.length > 0 && { select }),
  });
}

export function formatMagnet(magnet: Magnet): string {
  const parameters: string[] = [];
  if (magnet.infoHash !== undefined) parameters.push(`xt=urn:btmh:${SHA256_MULTIHASH}${magnet.infoHash}`);
  if (magnet.infoHashV1 !== undefined) parameters.push(`xt=urn:btih:${magnet.infoHashV1}`);
  if (magnet.name !== undefined) parameters.push(`dn=${encodeURIComponent(magnet.name)}`);
  if (magnet.select !== undefined) parameters.push(`so=${magnet.select.join(",")}`);
  for (const tracker of magnet.trackers) parameters.push(`tr=${encodeURIComponent(tracker)}`);
  for (const seed of magnet.webSeeds ?? []) parameters.push(`ws=${encodeURIComponent(seed)}`);
  return PREFIX + parameters.join("&");
}

function hashesOf(v1: InfoHashV1 | undefined, v2: InfoHash | undefined): InfoHashes | undefined {
  if (v2 !== undefined) return v1 === undefined ? { infoHash: v2 } : { infoHash: v2, infoHashV1: v1 };
  return v1 === undefined ? undefined : { infoHashV1: v1 };
}

function v2Topic(multihash: string): InfoHash | undefined {
  if (!multihash.startsWith(SHA256_MULTIHASH)) return undefined;
  return infoHash(multihash.slice(SHA256_MULTIHASH.length));
}

/** 40 hexadecimal digits, or 32 of base32 in old links. */
function v1Topic(hash: string): InfoHashV1 | undefined {
  const bytes = hash.length === 32 ? fromBase32(hash) : fromHex(hash);
  return bytes && infoHashV1(toHex(bytes));
}

/**
 * Files of `0,2,4,6-8` lists, ascending. Parts that are not numbers, run backwards or are out of range count
 * for nothing.
 */
function selectedFiles(texts: readonly string[]): number[] {
  const ranges: { first: number; last: number }[] = [];
  for (const part of texts.flatMap((text) => text.split(","))) {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(part) ?? [];
    const last = Number(to ?? from);
    if (last <= MAX_SELECTED_FILE) ranges.push({ first: Number(from), last });
  }
  ranges.sort((left, right) => left.first - right.first);
  const files: number[] = [];
  let next = 0;
  for (const { first, last } of ranges) {
    for (next = Math.max(next, first); next <= last; next++) files.push(next);
  }
  return files;
}
