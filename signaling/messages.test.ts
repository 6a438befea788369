import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binaryFromHex, hexFromBinary } from "./binary-string.ts";
import { MAX_CLIENT_MESSAGE_BYTES, MAX_OFFERS, MAX_PEERS, MAX_SDP_LENGTH } from "./limits.ts";
import type { Announce, ClientMessage, ServerMessage } from "./messages.ts";
import {
  formatClientMessage,
  formatServerMessage,
  parseClientMessage,
  parseServerConfig,
  parseServerMessage,
} from "./messages.ts";

const hex20 = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const room = "00017f80c3fffe0a0d22".padEnd(40, "5c");
const peer = "2d5742".padEnd(40, "a9");
const other = "2d5348".padEnd(40, "e0");
const offerId = "ff".repeat(20);
const binary = (hex: string) => Buffer.from(hex, "hex").toString("latin1");

const announce: Announce = {
  kind: "announce",
  room,
  peer,
  event: "started",
  uploaded: 1,
  downloaded: 2,
  left: 3,
  numwant: 5,
  offers: [{ offerId, sdp: "v=0" }],
  extended: false,
};

function value(text: string): ClientMessage {
  const parsed = parseClientMessage(text);
  if (!parsed.ok) throw new Error(parsed.reason.message);
  return parsed.value;
}

/** What WebTorrent sends, with `changes`. */
function webtorrentAnnounce(changes: object): string {
  return JSON.stringify({
    numwant: 5,
    uploaded: 1,
    downloaded: 2,
    left: 3,
    event: "started",
    action: "announce",
    info_hash: binary(room),
    peer_id: binary(peer),
    offers: [{ offer: { type: "offer", sdp: "v=0" }, offer_id: binary(offerId) }],
    ...changes,
  });
}

describe("a 20-byte name", () => {
  it("crosses the wire as one character per byte, bytes of 0x80 and more as two bytes of UTF-8", () => {
    expect(binaryFromHex(room)).toBe(binary(room));
    expect(hexFromBinary(binary(room))).toBe(room);
    const bytes = Buffer.from(formatClientMessage({ kind: "scrape", rooms: ["e9".repeat(20)] }), "utf8");
    expect(bytes.includes(Buffer.from("c3a9".repeat(20), "hex"))).toBe(true);
  });

  it("survives there and back whatever its bytes", () => {
    fc.assert(fc.property(hex20, (hex) => hexFromBinary(binaryFromHex(hex)) === hex));
  });

  it.each([
    ["too short", "a".repeat(19)],
    ["too long", "a".repeat(21)],
    ["beyond latin1", `${"a".repeat(19)}\u0100`],
    ["no string", 20],
    ["null", null],
  ])("is refused when %s", (_, info_hash) => {
    expect(parseClientMessage(webtorrentAnnounce({ info_hash })).ok).toBe(false);
    expect(parseClientMessage(webtorrentAnnounce({ peer_id: info_hash })).ok).toBe(false);
  });
});

describe("what a client says", () => {
  it("is read as WebTorrent writes it", () => {
    expect(value(webtorrentAnnounce({}))).toEqual(announce);
  });

  it.each([
    ["left: null of a magnet without metadata", { left: null }, { left: null }],
    ["no left at all", { left: undefined }, { left: null }],
    ["libtorrent's left: -1", { left: -1 }, { left: null }],
    ["left: 0", { left: 0 }, { left: 0 }],
    ["no event", { event: undefined }, { event: "update" }],
    ["libtorrent's paused", { event: "paused" }, { event: "paused" }],
    ["an event that nobody knows", { event: "toString" }, { event: "update" }],
    ["libtorrent's extra fields", { key: "4f3a", corrupt: 0, trackerid: "x" }, {}],
    ["the extensions", { ext: { v: 1 }, offers: [] }, { extended: true, offers: [] }],
    ["a later version of the extensions", { ext: { v: 2, more: true } }, { extended: true }],
    ["numwant beyond the largest", { numwant: 1e9 }, { numwant: MAX_PEERS }],
    ["a negative numwant", { numwant: -1 }, { numwant: 0 }],
  ])("may have %s", (_, changes, expected) => {
    expect(value(webtorrentAnnounce(changes))).toEqual({ ...announce, ...expected });
  });

  it("has its offers beyond the tenth ignored", () => {
    const offers = Array.from({ length: 82 }, () => ({
      offer: { type: "offer", sdp: "v=0" },
      offer_id: binary(offerId),
    }));
    const message = value(webtorrentAnnounce({ offers }));
    expect(message.kind === "announce" && message.offers).toHaveLength(MAX_OFFERS);
  });

  it.each([
    ["offers: [null]", { offers: [null] }],
    ["offers that are no array", { offers: {} }],
    ["an offer without an id", { offers: [{ offer: { type: "offer", sdp: "v=0" } }] }],
    [
      "an offer of type answer",
      { offers: [{ offer: { type: "answer", sdp: "v=0" }, offer_id: binary(offerId) }] },
    ],
    ["an empty SDP", { offers: [{ offer: { type: "offer", sdp: "" }, offer_id: binary(offerId) }] }],
    [
      "an SDP that is too long",
      {
        offers: [
          { offer: { type: "offer", sdp: "x".repeat(MAX_SDP_LENGTH + 1) }, offer_id: binary(offerId) },
        ],
      },
    ],
    ["an event that is no string", { event: 1 }],
    ["a left that is no number", { left: "0" }],
    ["another action", { action: "connect" }],
    ["no action", { action: undefined }],
    ["an answer to nobody", { answer: { type: "answer", sdp: "v=0" }, offer_id: binary(offerId) }],
    ["an answer without offer id", { answer: { type: "answer", sdp: "v=0" }, to_peer_id: binary(other) }],
    ["candidates that are no text", { candidates: [], to_peer_id: binary(other), offer_id: binary(offerId) }],
  ])("is refused with %s, naming the room that it named", (_, changes) => {
    const parsed = parseClientMessage(webtorrentAnnounce(changes));
    expect(parsed).toMatchObject({ ok: false, reason: { room } });
  });

  it("is refused unread when it is too long", () => {
    const parsed = parseClientMessage(" ".repeat(MAX_CLIENT_MESSAGE_BYTES + 1));
    expect(parsed).toEqual({ ok: false, reason: { message: "message too long", room: undefined } });
  });

  it("asks for figures of named swarms only: a scrape of everything is refused", () => {
    expect(parseClientMessage('{"action":"scrape"}').ok).toBe(false);
    expect(parseClientMessage('{"action":"scrape","info_hash":[]}').ok).toBe(false);
    expect(value(JSON.stringify({ action: "scrape", info_hash: binary(room) }))).toEqual({
      kind: "scrape",
      rooms: [room],
    });
  });

  it("comes back as it was formatted", () => {
    const signal = { room, peer, to: other, offerId, text: "sealed" };
    const messages: ClientMessage[] = [
      announce,
      { ...announce, event: "update", left: null, offers: [], extended: true },
      { kind: "offer", ...signal },
      { kind: "answer", ...signal },
      { kind: "candidates", ...signal },
      { kind: "scrape", rooms: [room, peer] },
    ];
    for (const message of messages) expect(value(formatClientMessage(message))).toEqual(message);
  });

  it("never makes the parser throw, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => typeof parseClientMessage(text).ok === "boolean"),
    );
    fc.assert(fc.property(fc.json(), (text) => typeof parseClientMessage(text).ok === "boolean"));
    const field = fc.constantFrom(
      ...Object.keys(JSON.parse(webtorrentAnnounce({})) as object),
      "answer",
      "offer",
      "candidates",
      "to_peer_id",
      "offer_id",
      "ext",
    );
    fc.assert(
      fc.property(field, fc.jsonValue({ maxDepth: 4 }), (name, any) => {
        expect(typeof parseClientMessage(webtorrentAnnounce({ [name]: any })).ok).toBe("boolean");
      }),
    );
    expect(parseClientMessage("[".repeat(60_000)).ok).toBe(false);
    expect(
      parseClientMessage(`{"action":"announce","offers":${"[".repeat(20_000)}${"]".repeat(20_000)}}`).ok,
    ).toBe(false);
  });
});

describe("what a server says", () => {
  const relayed = { room, from: other, offerId, text: "sealed" };

  it("comes back as it was formatted", () => {
    const messages: ServerMessage[] = [
      {
        kind: "announced",
        room,
        intervalSeconds: 120,
        complete: 1,
        incomplete: 2,
        extensions: { peers: true, targeted: true, trickle: true },
        peers: [
          { peer: other, complete: true, extended: true },
          { peer, complete: false, extended: false },
        ],
      },
      {
        kind: "announced",
        room,
        intervalSeconds: 120,
        complete: 0,
        incomplete: 1,
        extensions: undefined,
        peers: undefined,
      },
      { kind: "offer", ...relayed, extended: true },
      { kind: "answer", ...relayed, extended: false },
      { kind: "candidates", ...relayed, extended: true },
      { kind: "scraped", swarms: [{ room, complete: 1, incomplete: 2, downloaded: 3 }] },
      { kind: "failure", room, reason: "peer not found", offerId, peer: other },
      { kind: "failure", room, reason: "no" },
    ];
    for (const message of messages) {
      expect(parseServerMessage(formatServerMessage(message))).toEqual({ ok: true, value: message });
    }
  });

  it("is byte for byte the dialect of WebTorrent", () => {
    expect(
      JSON.parse(formatServerMessage({ kind: "offer", ...relayed, text: "v=0", extended: false })),
    ).toEqual({
      action: "announce",
      info_hash: binary(room),
      peer_id: binary(other),
      offer_id: binary(offerId),
      offer: { type: "offer", sdp: "v=0" },
    });
    expect(JSON.parse(formatServerMessage({ kind: "failure", room: undefined, reason: "no" }))).toEqual({
      action: "announce",
      info_hash: "",
      "failure reason": "no",
    });
  });

  it("is read from other trackers: without ext, without action in a failure, with what we do not know", () => {
    expect(
      parseServerMessage(
        JSON.stringify({
          action: "announce",
          info_hash: binary(room),
          interval: 120,
          complete: 0,
          incomplete: 1,
          "min interval": 9,
          ext: "?",
        }),
      ),
    ).toMatchObject({ ok: true, value: { kind: "announced", extensions: undefined, peers: undefined } });
    expect(parseServerMessage('{"failure reason":"invalid action"}')).toEqual({
      ok: true,
      value: { kind: "failure", room: undefined, reason: "invalid action" },
    });
  });

  it("never makes the parser throw, whatever it is", () => {
    fc.assert(fc.property(fc.json(), (text) => typeof parseServerMessage(text).ok === "boolean"));
    const base = JSON.parse(formatServerMessage({ kind: "offer", ...relayed, extended: true })) as object;
    const field = fc.constantFrom(
      "action",
      "info_hash",
      "peer_id",
      "offer_id",
      "offer",
      "answer",
      "candidates",
      "ext",
      "peers",
      "files",
      "failure reason",
      "interval",
    );
    fc.assert(
      fc.property(field, fc.jsonValue({ maxDepth: 4 }), (name, any) => {
        expect(typeof parseServerMessage(JSON.stringify({ ...base, [name]: any })).ok).toBe("boolean");
      }),
    );
  });
});

describe("GET /config", () => {
  const config = {
    iceServers: [
      { urls: ["turn:turn.example:3478"], username: "1:a", credential: "b" },
      { urls: ["stun:stun.example"] },
    ],
    relayOnly: false,
    announceIntervalSeconds: 120,
    credentialsExpireInSeconds: null,
    version: "0.1.0",
  };

  it("is read when it is well-formed", () => {
    expect(parseServerConfig(JSON.stringify(config))).toEqual({ ok: true, value: config });
  });

  it("is refused when an ICE server is no STUN or TURN address", () => {
    expect(parseServerConfig(JSON.stringify({ ...config, iceServers: [{ urls: ["https://x"] }] })).ok).toBe(
      false,
    );
  });
});
