/**
 * The words of the signaling protocol: what client and server say to each other, as values, and as text.
 *
 * The dialect is the WebTorrent tracker protocol (JSON over WebSocket) with extensions, version 1:
 *  - a client that speaks them puts `ext: {v: 1}` into its announces, and the server puts
 *    `ext: {v: 1, peers, targeted, trickle}` into its responses; nobody uses them before seeing the other's;
 *  - `peers`: the response lists up to `numwant` peers, so that a client offers to exactly the ones it needs;
 *  - `targeted`: one offer to the one peer that `to_peer_id` names;
 *  - `trickle`: candidates after the offer or the answer.
 *
 * Invariants
 *  1. This is the only file of the server that the browser app may import, and it needs nothing of Node.
 *  2. Parsing is total: any text gives a value within limits, or a reason. What is not named here is ignored.
 *  3. 20-byte names (`info_hash`, `peer_id`, `offer_id`) are 40 lower-case hexadecimal digits in a value and
 *     latin1 strings, one character per byte, in a text.
 *  4. Every text has an `action` and every server text but a scrape has a string `info_hash`: WebTorrent drops
 *     its socket for minutes without the one and throws without the other.
 *  5. SDP and candidates are opaque here: in private rooms they are sealed.
 *
 * Source: bittorrent-tracker 11.2.3 (both sides), aquatic_ws (limits), libtorrent's websocket_tracker_connection.
 */
import * as v from "valibot";
import { binaryFromHex } from "./binary-string.ts";
import { isObject, type Json, readClientMessage, readHex20 } from "./client-message.ts";
import { MAX_CLIENT_MESSAGE_BYTES, MAX_SERVER_MESSAGE_LENGTH } from "./limits.ts";
import {
  announcedSchema,
  failureSchema,
  relayedSignalSchema,
  scrapedSchema,
  serverConfigSchema,
} from "./schemas.ts";

/** A value, or the reason why there is none. */
export type Result<Value, Reason = string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason };

/** A name of 20 bytes as 40 lower-case hexadecimal digits. */
export type Hex20 = string;

/** BEP 3; `update` is the absence of an event, `paused` is BEP 21's. */
export type AnnounceEvent = "started" | "update" | "completed" | "stopped" | "paused";

export interface Offer {
  readonly offerId: Hex20;
  readonly sdp: string;
}

/** `left` is null while the size is unknown (a magnet without metadata): not a seed. */
export interface Announce {
  readonly kind: "announce";
  readonly room: Hex20;
  readonly peer: Hex20;
  readonly event: AnnounceEvent;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number | null;
  readonly numwant: number;
  /** WebTorrent's speculative offers, each for a peer of the server's choosing. Empty when `extended`. */
  readonly offers: readonly Offer[];
  /** The client speaks version 1 of the extensions. */
  readonly extended: boolean;
}

/** `text` is an SDP or a batch of candidates, perhaps sealed. Answer and candidates name the offer they are for. */
export interface Signal {
  readonly kind: "offer" | "answer" | "candidates";
  readonly room: Hex20;
  readonly offerId: Hex20;
  readonly text: string;
}

/** A signal on its way to the server: from our `peer`, for `to`. */
export interface SentSignal extends Signal {
  readonly peer: Hex20;
  readonly to: Hex20;
}

/** A signal on its way to a client. `extended`: the sender takes candidates (told only to those who do too). */
export interface RelayedSignal extends Signal {
  readonly from: Hex20;
  readonly extended: boolean;
}

export interface Scrape {
  readonly kind: "scrape";
  readonly rooms: readonly Hex20[];
}

export type ClientMessage = Announce | SentSignal | Scrape;

export interface Extensions {
  readonly peers: boolean;
  readonly targeted: boolean;
  readonly trickle: boolean;
}

export interface ListedPeer {
  readonly peer: Hex20;
  readonly complete: boolean;
  /** Speaks the extensions: takes candidates after an offer. Others need a complete SDP. */
  readonly extended: boolean;
}

export interface Announced {
  readonly kind: "announced";
  readonly room: Hex20;
  /** Undefined when the server did not say. */
  readonly intervalSeconds: number | undefined;
  readonly complete: number;
  readonly incomplete: number;
  /** Undefined when the server speaks plain WebTorrent. */
  readonly extensions: Extensions | undefined;
  /** Undefined when no list was asked for, or the server has none to give. */
  readonly peers: readonly ListedPeer[] | undefined;
}

export interface ScrapedSwarm {
  readonly room: Hex20;
  readonly complete: number;
  readonly incomplete: number;
  readonly downloaded: number;
}

export interface Scraped {
  readonly kind: "scraped";
  readonly swarms: readonly ScrapedSwarm[];
}

/** `room` is undefined when the refused message named none; `offerId` and `peer` name a signal not delivered. */
export interface Failure {
  readonly kind: "failure";
  readonly room: Hex20 | undefined;
  readonly reason: string;
  readonly offerId?: Hex20;
  readonly peer?: Hex20;
}

export type ServerMessage = Announced | RelayedSignal | Scraped | Failure;

/** What `GET /config` says. Credentials are this client's own and short-lived: ask again before they expire. */
export interface ServerConfig {
  readonly iceServers: readonly IceServer[];
  /** Hides the peers' addresses from each other: connect by TURN only. */
  readonly relayOnly: boolean;
  readonly announceIntervalSeconds: number;
  /** Null when nothing expires. */
  readonly credentialsExpireInSeconds: number | null;
  readonly version: string;
}

export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}

/** Why a client's text was refused, and the room that it named, if it named one. */
export interface Malformed {
  readonly message: string;
  readonly room: Hex20 | undefined;
}

/** What a client said. More than `MAX_CLIENT_MESSAGE_BYTES` characters are refused unread. */
export function parseClientMessage(text: string): Result<ClientMessage, Malformed> {
  const json = readObject(text, MAX_CLIENT_MESSAGE_BYTES);
  if (!json.ok) return { ok: false, reason: { message: json.reason, room: undefined } };
  const parsed = readClientMessage(json.value);
  if (parsed.ok) return parsed;
  return { ok: false, reason: { message: parsed.reason, room: readHex20(json.value.info_hash) } };
}

/** What a tracker said, ours or another's. */
export function parseServerMessage(text: string): Result<ServerMessage> {
  const json = readObject(text, MAX_SERVER_MESSAGE_LENGTH);
  return json.ok ? readServerMessage(json.value) : json;
}

/** What `GET /config` answered. */
export function parseServerConfig(text: string): Result<ServerConfig> {
  const json = readObject(text, MAX_SERVER_MESSAGE_LENGTH);
  return json.ok ? read(serverConfigSchema, json.value) : json;
}

/** The text that says `message` to a server. */
export function formatClientMessage(message: ClientMessage): string {
  switch (message.kind) {
    case "announce":
      return JSON.stringify({
        action: "announce",
        info_hash: binaryFromHex(message.room),
        peer_id: binaryFromHex(message.peer),
        numwant: message.numwant,
        uploaded: message.uploaded,
        downloaded: message.downloaded,
        left: message.left,
        event: message.event === "update" ? undefined : message.event,
        offers: message.offers.map(({ offerId, sdp }) => ({
          offer: { type: "offer", sdp },
          offer_id: binaryFromHex(offerId),
        })),
        ext: message.extended ? { v: 1 } : undefined,
      });
    case "scrape":
      return JSON.stringify({ action: "scrape", info_hash: message.rooms.map(binaryFromHex) });
    default:
      return JSON.stringify({
        action: "announce",
        info_hash: binaryFromHex(message.room),
        peer_id: binaryFromHex(message.peer),
        to_peer_id: binaryFromHex(message.to),
        offer_id: binaryFromHex(message.offerId),
        ...signalPart(message),
      });
  }
}

/** The text that says `message` to a client. */
export function formatServerMessage(message: ServerMessage): string {
  switch (message.kind) {
    case "announced":
      return JSON.stringify({
        action: "announce",
        info_hash: binaryFromHex(message.room),
        interval: message.intervalSeconds,
        complete: message.complete,
        incomplete: message.incomplete,
        ext: message.extensions && { v: 1, ...message.extensions },
        peers: message.peers?.map((each) => ({
          peer_id: binaryFromHex(each.peer),
          complete: each.complete ? true : undefined,
          ext: each.extended ? true : undefined,
        })),
      });
    case "scraped":
      return JSON.stringify({
        action: "scrape",
        files: Object.fromEntries(
          message.swarms.map(({ room, ...figures }) => [binaryFromHex(room), figures]),
        ),
      });
    case "failure":
      return JSON.stringify({
        action: "announce",
        info_hash: binaryFromHex(message.room ?? ""),
        "failure reason": message.reason,
        offer_id: message.offerId === undefined ? undefined : binaryFromHex(message.offerId),
        peer_id: message.peer === undefined ? undefined : binaryFromHex(message.peer),
      });
    default: {
      const { kind, text } = message;
      // Spelled out, without a spread: most of what a tracker says is this.
      return JSON.stringify({
        action: "announce",
        info_hash: binaryFromHex(message.room),
        peer_id: binaryFromHex(message.from),
        offer_id: binaryFromHex(message.offerId),
        offer: kind === "offer" ? { type: kind, sdp: text } : undefined,
        answer: kind === "answer" ? { type: kind, sdp: text } : undefined,
        candidates: kind === "candidates" ? text : undefined,
        ext: message.extended ? true : undefined,
      });
    }
  }
}

function signalPart({ kind, text }: Signal): object {
  return kind === "candidates" ? { candidates: text } : { [kind]: { type: kind, sdp: text } };
}

function readServerMessage(json: Json): Result<ServerMessage> {
  // The reference server says a failure without an action when it could not read a message.
  if (json["failure reason"] !== undefined) return read(failureSchema, json);
  if (json.action === "scrape") return read(scrapedSchema, json);
  if (json.action !== "announce") return { ok: false, reason: 'action must be "announce" or "scrape"' };
  const isSignal = json.offer != null || json.answer != null || json.candidates != null;
  return isSignal ? read(relayedSignalSchema, json) : read(announcedSchema, json);
}

function readObject(text: string, maxLength: number): Result<Json> {
  if (text.length > maxLength) return { ok: false, reason: "message too long" };
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? { ok: true, value: json } : { ok: false, reason: "message is not a JSON object" };
  } catch {
    return { ok: false, reason: "message is not JSON" };
  }
}

function read<Schema extends v.GenericSchema>(schema: Schema, json: Json): Result<v.InferOutput<Schema>> {
  const parsed = v.safeParse(schema, json, { abortEarly: true });
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  return { ok: false, reason: `${v.getDotPath(issue) ?? "message"}: ${issue.message}`.slice(0, 200) };
}
