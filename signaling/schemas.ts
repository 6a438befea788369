/**
 * The shapes of messages as they cross the wire, each turned into its value of messages.ts while it is read.
 *
 * Lenient where real clients differ (`left: null`, unknown events, absent figures), strict where a value is
 * relayed to somebody else. Only what is named here gets through.
 */
import * as v from "valibot";
import { hexFromBinary } from "./binary-string.ts";
import {
  MAX_CANDIDATES_LENGTH,
  MAX_ICE_SERVERS,
  MAX_OFFERS,
  MAX_PEERS,
  MAX_SCRAPES,
  MAX_SDP_LENGTH,
  MAX_SHORT_TEXT_LENGTH,
} from "./limits.ts";

import type {
  Announce,
  Announced,
  AnnounceEvent,
  Failure,
  ListedPeer,
  Offer,
  RelayedSignal,
  Scrape,
  Scraped,
  SentSignal,
  Signal,
} from "./messages.ts";

export const hex20 = v.pipe(
  v.string(),
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every byte value is a character of a binary string.
  v.regex(/^[\u0000-\u00ff]{20}$/, "must be a string of 20 bytes, one character each"),
  v.transform(hexFromBinary),
);
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const figure = v.nullish(v.pipe(v.number(), v.finite()));
const shortText = v.pipe(v.string(), v.maxLength(MAX_SHORT_TEXT_LENGTH));
const sdp = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_SDP_LENGTH));
const offer = v.object({ type: v.literal("offer"), sdp });
const signalFields = {
  info_hash: hex20,
  peer_id: hex20,
  offer_id: hex20,
  offer: v.nullish(offer),
  answer: v.nullish(v.object({ type: v.literal("answer"), sdp })),
  candidates: v.nullish(v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_CANDIDATES_LENGTH))),
};
const events: readonly string[] = ["started", "completed", "stopped", "paused"] satisfies AnnounceEvent[];

export const announceSchema = v.pipe(
  v.object({
    info_hash: hex20,
    peer_id: hex20,
    event: v.nullish(shortText),
    uploaded: figure,
    downloaded: figure,
    left: figure,
    numwant: figure,
    offers: v.nullish(
      v.pipe(
        v.array(v.unknown()),
        v.transform((all) => all.slice(0, MAX_OFFERS)),
        v.array(
          v.pipe(
            v.object({ offer_id: hex20, offer }),
            v.transform((each): Offer => ({ offerId: each.offer_id, sdp: each.offer.sdp })),
          ),
        ),
      ),
    ),
    ext: v.nullish(v.object({ v: v.number() })),
  }),
  v.transform(
    (said): Announce => ({
      kind: "announce",
      room: said.info_hash,
      peer: said.peer_id,
      event: isEvent(said.event) ? said.event : "update",
      uploaded: Math.max(0, said.uploaded ?? 0),
      downloaded: Math.max(0, said.downloaded ?? 0),
      left: said.left == null || said.left < 0 ? null : said.left,
      numwant: Math.trunc(Math.min(MAX_PEERS, Math.max(0, said.numwant ?? MAX_PEERS))),
      offers: said.offers ?? [],
      extended: (said.ext?.v ?? 0) >= 1,
    }),
  ),
);

function isEvent(text: string | null | undefined): text is AnnounceEvent {
  return text != null && events.includes(text);
}

export const sentSignalSchema = v.pipe(
  v.object({ ...signalFields, to_peer_id: hex20 }),
  v.transform(
    (said): SentSignal => ({
      room: said.info_hash,
      peer: said.peer_id,
      to: said.to_peer_id,
      offerId: said.offer_id,
      ...kindAndText(said),
    }),
  ),
);

export const relayedSignalSchema = v.pipe(
  v.object({ ...signalFields, ext: v.optional(v.unknown()) }),
  v.transform(
    (said): RelayedSignal => ({
      room: said.info_hash,
      from: said.peer_id,
      offerId: said.offer_id,
      extended: said.ext === true,
      ...kindAndText(said),
    }),
  ),
);

type SignalParts = Pick<
  v.InferOutput<v.ObjectSchema<typeof signalFields, undefined>>,
  "offer" | "answer" | "candidates"
>;

function kindAndText(said: SignalParts): Pick<Signal, "kind" | "text"> {
  if (said.answer) return { kind: "answer", text: said.answer.sdp };
  if (said.offer) return { kind: "offer", text: said.offer.sdp };
  return { kind: "candidates", text: said.candidates ?? "" };
}

export const scrapeSchema = v.pipe(
  v.object({
    info_hash: v.union([
      v.pipe(v.array(hex20), v.minLength(1), v.maxLength(MAX_SCRAPES)),
      v.pipe(
        hex20,
        v.transform((room) => [room]),
      ),
    ]),
  }),
  v.transform((said): Scrape => ({ kind: "scrape", rooms: said.info_hash })),
);

export const announcedSchema = v.pipe(
  v.object({
    info_hash: hex20,
    interval: v.nullish(v.pipe(v.number(), v.finite(), v.gtValue(0))),
    complete: v.nullish(count),
    incomplete: v.nullish(count),
    ext: v.fallback(
      v.optional(
        v.object({
          v: v.pipe(v.number(), v.minValue(1)),
          peers: v.optional(v.boolean(), false),
          targeted: v.optional(v.boolean(), false),
          trickle: v.optional(v.boolean(), false),
        }),
      ),
      undefined,
    ),
    peers: v.nullish(
      v.pipe(
        v.array(
          v.pipe(
            v.object({ peer_id: hex20, complete: v.nullish(v.boolean()), ext: v.optional(v.unknown()) }),
            v.transform(
              (each): ListedPeer => ({
                peer: each.peer_id,
                complete: each.complete === true,
                extended: each.ext === true,
              }),
            ),
          ),
        ),
        v.maxLength(MAX_PEERS),
      ),
    ),
  }),
  v.transform(
    (said): Announced => ({
      kind: "announced",
      room: said.info_hash,
      intervalSeconds: said.interval ?? undefined,
      complete: said.complete ?? 0,
      incomplete: said.incomplete ?? 0,
      extensions: said.ext && {
        peers: said.ext.peers,
        targeted: said.ext.targeted,
        trickle: said.ext.trickle,
      },
      peers: said.peers ?? undefined,
    }),
  ),
);

export const scrapedSchema = v.pipe(
  v.object({
    files: v.record(hex20, v.object({ complete: count, incomplete: count, downloaded: count })),
  }),
  v.transform(
    (said): Scraped => ({
      kind: "scraped",
      swarms: Object.entries(said.files).map(([room, figures]) => ({ room, ...figures })),
    }),
  ),
);

export const failureSchema = v.pipe(
  v.object({
    "failure reason": shortText,
    info_hash: v.fallback(v.optional(hex20), undefined),
    offer_id: v.fallback(v.optional(hex20), undefined),
    peer_id: v.fallback(v.optional(hex20), undefined),
  }),
  v.transform(
    (said): Failure => ({
      kind: "failure",
      room: said.info_hash,
      reason: said["failure reason"],
      ...(said.offer_id !== undefined && { offerId: said.offer_id }),
      ...(said.peer_id !== undefined && { peer: said.peer_id }),
    }),
  ),
);

const iceUrl = v.pipe(v.string(), v.maxLength(MAX_SHORT_TEXT_LENGTH), v.regex(/^(stun|turn)s?:\S+$/i));
export const serverConfigSchema = v.object({
  iceServers: v.pipe(
    v.array(
      v.object({
        urls: v.pipe(v.array(iceUrl), v.minLength(1), v.maxLength(MAX_ICE_SERVERS)),
        username: v.exactOptional(shortText),
        credential: v.exactOptional(shortText),
      }),
    ),
    v.maxLength(MAX_ICE_SERVERS),
  ),
  relayOnly: v.boolean(),
  announceIntervalSeconds: v.pipe(count, v.minValue(1)),
  credentialsExpireInSeconds: v.nullable(count),
  version: shortText,
});
