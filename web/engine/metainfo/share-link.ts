/**
 * The links that people pass on, and what the paste box takes.
 *
 * A private link is `https://HOST/#` and the v2 infohash as 43 characters of base64url, `.p` behind them when
 * a password is needed; a public one is `https://HOST/#magnet:?…`. Whatever a chat program does to a link, a
 * person is told what is wrong with it: "cut-off" when the end is missing, "damaged" when it cannot be whole,
 * "unsupported" when it is a link of another kind that we cannot open.
 */
import { MAX_LINK_CHARACTERS } from "../limits.ts";
import {
  fail,
  fromHex,
  type InfoHash,
  infoHash,
  infoHashV1,
  invariant,
  ok,
  type Result,
  toHex,
} from "../units.ts";
import { fromBase64url, toBase64url } from "./base-encoding.ts";
import { formatMagnet, type Magnet, type MagnetParameters, parseMagnet } from "./magnet.ts";
import { fromPercentEncoded } from "./text.ts";

export type ShareLink = PrivateLink | PublicLink;

/** It has neither a name nor trackers. */
export interface PrivateLink extends MagnetParameters {
  readonly kind: "private";
  readonly infoHash: InfoHash;
  readonly infoHashV1?: never;
  /** A password is mixed into the sealing key. */
  readonly password: boolean;
}

/** A magnet, of any version. */
export type PublicLink = Magnet & { readonly kind: "public"; readonly password: false };

export type ShareLinkReason = "empty" | "not-a-link" | "cut-off" | "damaged" | "unsupported";

/** Characters of base64url for 32 bytes. */
const KEY_CHARACTERS = 43;
const PASSWORD_MARK = ".p";

/** Reads a whole link of any host, its fragment alone, a bare infohash, or a magnet. */
export function parseShareText(text: string): Result<ShareLink, ShareLinkReason> {
  const trimmed = text.trim().replace(/^[<("']+/, "");
  if (trimmed === "") return fail("empty");
  if (trimmed.length > MAX_LINK_CHARACTERS) return fail("damaged");
  const hash = trimmed.indexOf("#");
  const isMagnetFirst = /^magnet:/i.test(trimmed);
  const isFragment = hash >= 0 && !isMagnetFirst;
  if (isFragment && hash > 0 && !/^\S*[/.:]\S*$/.test(trimmed.slice(0, hash))) {
    return fail("not-a-link");
  }
  const body = isFragment ? trimmed.slice(hash + 1) : trimmed;
  if (/^magnet(:|%3a)/i.test(body)) return parsePublic(body);
  return parsePrivate(body, isFragment);
}

/** @param origin scheme and host of the page, with its path if it is not at the root. */
export function formatPrivateLink(origin: string, hash: InfoHash, password = false): string {
  const bytes = fromHex(hash);
  invariant(bytes, "an infohash is hexadecimal");
  return `${pageAt(origin)}#${toBase64url(bytes)}${password ? PASSWORD_MARK : ""}`;
}

export function formatPublicLink(origin: string, magnet: Magnet): string {
  return `${pageAt(origin)}#${formatMagnet(magnet)}`;
}

function pageAt(origin: string): string {
  return origin.endsWith("/") ? origin : `${origin}/`;
}

function parsePublic(text: string): Result<ShareLink, ShareLinkReason> {
  const magnet = parseMagnet(/^magnet%3a/i.test(text) ? fromPercentEncoded(text) : text);
  if (!magnet.ok) return fail(magnet.reason === "topic-missing" ? "unsupported" : "damaged");
  return ok({ ...magnet.value, kind: "public", password: false });
}

/** @param isFragment it stood behind a `#`, so it was meant to be a link. */
function parsePrivate(text: string, isFragment: boolean): Result<ShareLink, ShareLinkReason> {
  const sentence = text.replace(/[)\]>"'.,;:!?]+$/, "");
  const password = sentence.endsWith(PASSWORD_MARK);
  const key = password ? sentence.slice(0, -PASSWORD_MARK.length) : sentence;
  const hex = infoHash(key.toLowerCase());
  if (hex !== undefined) return ok(privateLink(hex, password));
  const v1 = infoHashV1(key.toLowerCase());
  if (v1 !== undefined && !password) {
    return ok({ kind: "public", infoHashV1: v1, password: false, trackers: [] });
  }
  if (!/^[A-Za-z0-9_-]*$/.test(key)) return fail(isFragment ? "damaged" : "not-a-link");
  if (key.length > KEY_CHARACTERS) return fail("damaged");
  if (key.length < KEY_CHARACTERS) return fail(isFragment || key.length > 20 ? "cut-off" : "not-a-link");
  const bytes = fromBase64url(key);
  return bytes ? ok(privateLink(toHex(bytes) as InfoHash, password)) : fail("damaged");
}

function privateLink(hash: InfoHash, password: boolean): PrivateLink {
  return { kind: "private", infoHash: hash, password, trackers: [] };
}
