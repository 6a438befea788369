/** The shapes of what servers say, each turned into its value of messages.ts. Only what is named here gets through. */
import * as v from "valibot";
import { hexFromBinary } from "./binary-string.ts";
import {
  MAX_CANDIDATES_LENGTH,
  MAX_ICE_SERVERS,
  MAX_PEERS,
  MAX_SDP_LENGTH,
  MAX_SHORT_TEXT_LENGTH,
} from "./limits.ts";

import type { Announced, Failure, ListedPeer, RelayedSignal, Scraped, Signal } from "./messages.ts";

const notAName = "must be a string of 20 bytes, one character each";
const hex20 = v.pipe(
  v.string(notAName),
  v.length(20, notAName),
  v.transform(hexFromBinary),
  v.string(notAName),
);
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const shortText = v.pipe(v.string(), v.maxLength(MAX_SHORT_TEXT_LENGTH));
const sdp = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_SDP_LENGTH));
const signalFields = {
  info_hash: hex20,
  peer_id: hex20,
  offer_id: hex20,
  offer: v.nullish(v.object({ type: v.literal("offer"), sdp })),
  answer: v.nullish(v.object({ type: v.literal("answer"), sdp })),
  candidates: v.nullish(v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_CANDIDATES_LENGTH))),
};
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
