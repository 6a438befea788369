/**
 * What clients say, from JSON to values.
 *
 * Read by hand and not by a schema, as what servers say is: under load reading is a third of what a tracker does
 * besides its sockets, and these are its only messages.
 *
 * Invariants
 *  1. Any JSON value gives a message or a reason; nothing throws, and nothing that is not named here gets through.
 *  2. Lenient where real clients differ (`left: null`, unknown events, absent figures), strict where a value is
 *     relayed to somebody else.
 */
import { hexFromBinary } from "./binary-string.ts";
import {
  MAX_CANDIDATES_LENGTH,
  MAX_OFFERS,
  MAX_PEERS,
  MAX_SCRAPES,
  MAX_SDP_LENGTH,
  MAX_SHORT_TEXT_LENGTH,
} from "./limits.ts";
import type { Announce, AnnounceEvent, ClientMessage, Hex20, Offer, Result, Signal } from "./messages.ts";

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

export function readClientMessage(json: Json): Result<ClientMessage> {
  if (json.action === "scrape") return readScrape(json);
  if (json.action !== "announce") return refused('action must be "announce" or "scrape"');
  const isSignal = json.offer != null || json.answer != null || json.candidates != null;
  return isSignal ? readSignal(json) : readAnnounce(json);
}

/** The 20 bytes that `value` spells with one character each, or undefined. */
export function readHex20(value: unknown): Hex20 | undefined {
  return typeof value === "string" && value.length === 20 ? hexFromBinary(value) : undefined;
}

function readAnnounce(json: Json): Result<ClientMessage> {
  const room = readHex20(json.info_hash);
  if (room === undefined) return notAName("info_hash");
  const peer = readHex20(json.peer_id);
  if (peer === undefined) return notAName("peer_id");
  for (const figure of ["uploaded", "downloaded", "left", "numwant"]) {
    if (json[figure] != null && !Number.isFinite(json[figure])) return refused(`${figure}: must be a number`);
  }
  if (json.event != null && !isText(json.event, MAX_SHORT_TEXT_LENGTH))
    return refused("event: must be a text");
  if (json.ext != null && !(isObject(json.ext) && typeof json.ext.v === "number"))
    return refused("ext: must have a version");
  const offers = readOffers(json.offers);
  if (!offers.ok) return offers;
  const left = figureOf(json.left);
  const said: Announce = {
    kind: "announce",
    room,
    peer,
    event: isEvent(json.event) ? json.event : "update",
    uploaded: Math.max(0, figureOf(json.uploaded) ?? 0),
    downloaded: Math.max(0, figureOf(json.downloaded) ?? 0),
    left: left === undefined || left < 0 ? null : left,
    numwant: Math.trunc(Math.min(MAX_PEERS, Math.max(0, figureOf(json.numwant) ?? MAX_PEERS))),
    offers: offers.value,
    extended: isObject(json.ext) && Number(json.ext.v) >= 1,
  };
  return { ok: true, value: said };
}

function readOffers(json: unknown): Result<readonly Offer[]> {
  if (json == null) return { ok: true, value: [] };
  if (!Array.isArray(json)) return refused("offers: must be a list");
  const offers: Offer[] = [];
  for (const each of json.slice(0, MAX_OFFERS) as unknown[]) {
    if (!isObject(each)) return refused("offers: must be objects");
    const offerId = readHex20(each.offer_id);
    if (offerId === undefined) return notAName("offers.offer_id");
    const sdp = readDescription(each.offer, "offer");
    if (sdp === undefined) return refused("offers.offer: must be an offer with an SDP");
    offers.push({ offerId, sdp });
  }
  return { ok: true, value: offers };
}

function readSignal(json: Json): Result<ClientMessage> {
  const room = readHex20(json.info_hash);
  if (room === undefined) return notAName("info_hash");
  const peer = readHex20(json.peer_id);
  if (peer === undefined) return notAName("peer_id");
  const to = readHex20(json.to_peer_id);
  if (to === undefined) return notAName("to_peer_id");
  const offerId = readHex20(json.offer_id);
  if (offerId === undefined) return notAName("offer_id");
  const signal = readSignalText(json);
  if (!signal.ok) return signal;
  const { kind, text } = signal.value;
  return { ok: true, value: { kind, room, peer, to, offerId, text } };
}

function readSignalText(json: Json): Result<Pick<Signal, "kind" | "text">> {
  for (const kind of ["answer", "offer"] as const) {
    if (json[kind] == null) continue;
    const text = readDescription(json[kind], kind);
    return text === undefined
      ? refused(`${kind}: must be an ${kind} with an SDP`)
      : { ok: true, value: { kind, text } };
  }
  const text = json.candidates;
  if (!isText(text, MAX_CANDIDATES_LENGTH) || text === "") return refused("candidates: must be a text");
  return { ok: true, value: { kind: "candidates", text } };
}

function readScrape(json: Json): Result<ClientMessage> {
  const named: readonly unknown[] = Array.isArray(json.info_hash) ? json.info_hash : [json.info_hash];
  if (named.length === 0 || named.length > MAX_SCRAPES)
    return refused(`info_hash: 1 to ${MAX_SCRAPES} names`);
  const rooms: Hex20[] = [];
  for (const name of named) {
    const room = readHex20(name);
    if (room === undefined) return notAName("info_hash");
    rooms.push(room);
  }
  return { ok: true, value: { kind: "scrape", rooms } };
}

/** The SDP of `{type, sdp}`, or undefined when it is something else. */
function readDescription(json: unknown, type: "offer" | "answer"): string | undefined {
  if (!isObject(json) || json.type !== type) return undefined;
  return isText(json.sdp, MAX_SDP_LENGTH) && json.sdp !== "" ? json.sdp : undefined;
}

/** Of what was found to be a number, null or absent. */
function figureOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

const events: readonly unknown[] = ["started", "completed", "stopped", "paused"] satisfies AnnounceEvent[];

function isEvent(value: unknown): value is AnnounceEvent {
  return events.includes(value);
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === "string" && value.length <= maxLength;
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function notAName(field: string): Result<never> {
  return refused(`${field}: must be a string of 20 bytes, one character each`);
}

function refused(reason: string): Result<never> {
  return { ok: false, reason };
}
