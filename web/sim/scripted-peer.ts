/**
 * One real engine and, at the other end of each of its links, a script that says what it likes.
 */
import { Bitfield } from "../engine/bitfield.ts";
import { equalBytes } from "../engine/bytes.ts";
import type { DropReason, Input, Output } from "../engine/io.ts";
import { PIECE_HEADER_BYTES } from "../engine/limits.ts";
import type { InfoHashes } from "../engine/metainfo/info-hashes.ts";
import type { LinkOpened } from "../engine/peer.ts";
import { Swarm } from "../engine/swarm.ts";
import type { Totals } from "../engine/totals.ts";
import {
  fromHex,
  type LinkId,
  linkId,
  millis,
  type PeerId,
  type PieceIndex,
  peerId,
} from "../engine/units.ts";
import { WireDecoder, type WireEvent } from "../engine/wire/decoder.ts";
import { encodeMessage, encodePieceHeader, type SendableMessage } from "../engine/wire/encoder.ts";
import { encodeExtensionHandshake } from "../engine/wire/extension-handshake.ts";
import { encodeHandshake } from "../engine/wire/handshake.ts";
import { encodeMetadataMessage } from "../engine/wire/metadata.ts";
import { digests } from "./digests.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";

const SELF = "5".repeat(40) as PeerId;

export interface ScriptOptions {
  readonly fast?: boolean;
  readonly extensions?: boolean;
  readonly v2Upgrade?: boolean;
}

/** An engine whose inputs a test makes by hand, with the time. */
export class Bench {
  readonly swarm: Swarm;
  readonly torrent: SyntheticTorrent;
  readonly outputs: Output[] = [];
  now = millis(0);
  readonly #peers = new Map<LinkId, ScriptedPeer>();

  constructor(
    torrent: SyntheticTorrent,
    options: { isSeed?: boolean; resumed?: Bitfield; earlier?: Totals; hashes?: InfoHashes } = {},
  ) {
    this.torrent = torrent;
    this.swarm = new Swarm({
      self: SELF,
      hashes: options.hashes ?? torrent.hashes,
      sha256: torrent.sha256,
      sha1: digests.sha1,
      seed: 1,
      accepted: true,
      ...(options.isSeed && { seeding: { info: torrent.info, trees: torrent.trees } }),
      ...(options.resumed && {
        resuming: { info: torrent.info, trees: torrent.trees, have: options.resumed },
      }),
      ...(options.earlier && { earlier: options.earlier }),
    });
  }

  feed(input: Input): readonly Output[] {
    const outputs = this.swarm.step(input, this.now);
    for (const output of outputs) {
      this.outputs.push(output);
      if ("link" in output) this.#peers.get(output.link)?.onOutput(output);
    }
    return outputs;
  }

  /** Lets time pass, waking the engine every second. */
  pass(milliseconds: number): void {
    const end = this.now + milliseconds;
    while (this.now < end) {
      this.now = millis(Math.min(end, this.now + 1000));
      this.feed({ type: "woke" });
    }
  }

  /** Opens a link to a scripted peer and exchanges handshakes. */
  meet(options: ScriptOptions = {}): ScriptedPeer {
    const peer = this.link();
    peer.handshake(options);
    return peer;
  }

  /** Opens a link to a scripted peer that says nothing yet. */
  link(
    id = peerId((this.#peers.size + 1).toString(16).padStart(40, "0")) as PeerId,
    meeting: Pick<LinkOpened, "metIn" | "initiated"> = {},
  ): ScriptedPeer {
    const link = linkId(this.#peers.size + 1);
    const peer = new ScriptedPeer(this, link, id);
    this.#peers.set(link, peer);
    this.feed({ type: "link-opened", link, peer: id, relayed: false, ...meeting });
    return peer;
  }
}

export class ScriptedPeer {
  readonly link: LinkId;
  readonly id: PeerId;
  /** What the engine said to it, decoded. */
  readonly heard: WireEvent[] = [];
  dropped: { readonly reason: DropReason; readonly ban: boolean } | undefined;
  readonly #bench: Bench;
  readonly #decoder = new WireDecoder();

  constructor(bench: Bench, link: LinkId, id: PeerId) {
    this.#bench = bench;
    this.link = link;
    this.id = id;
  }

  handshake(
    { fast = true, extensions = true, v2Upgrade = false }: ScriptOptions = {},
    infoHash?: Uint8Array,
  ): void {
    const { infoHash: v2, infoHashV1: v1 } = this.#bench.torrent.hashes;
    const short = (fromHex(v2 ?? v1 ?? "") ?? new Uint8Array()).subarray(0, 20);
    const own = fromHex(this.id) ?? new Uint8Array();
    const bytes = { infoHash: infoHash ?? short, peerId: own, extensions, fast, v2Upgrade };
    this.bytes(encodeHandshake(bytes));
  }

  say(...messages: readonly SendableMessage[]): void {
    for (const message of messages) this.bytes(encodeMessage(message));
  }

  /** Offers metadata of this size under our own extension numbers. */
  extend(metadataSize?: number): void {
    const payload = encodeExtensionHandshake({
      client: "script",
      ...(metadataSize !== undefined && { metadataSize }),
    });
    this.say({ type: "extended", id: 0, payload });
  }

  /** A block of the torrent, right unless `spoil` changes it. */
  give(piece: number, begin: number, length: number, spoil?: (block: Uint8Array) => void): void {
    const block = new Uint8Array(length);
    this.#bench.torrent.fill(piece as PieceIndex, begin, block);
    spoil?.(block);
    this.say({ type: "piece", piece, begin, block });
  }

  bytes(bytes: Uint8Array): void {
    this.#bench.feed({ type: "bytes-received", link: this.link, bytes });
  }

  /** Messages of one type that it heard. */
  heardOf<Type extends WireEvent["type"]>(type: Type): Extract<WireEvent, { type: Type }>[] {
    return this.heard.filter((event): event is Extract<WireEvent, { type: Type }> => event.type === type);
  }

  onOutput(output: Output): void {
    if (output.type === "drop") this.dropped = { reason: output.reason, ban: output.ban };
    if (output.type === "send") this.#hear(output.bytes);
    if (output.type !== "serve") return;
    const message = new Uint8Array(PIECE_HEADER_BYTES + output.length);
    encodePieceHeader(message, 0, output.piece, output.begin, output.length);
    this.#bench.torrent.fill(output.piece, output.begin, message.subarray(PIECE_HEADER_BYTES));
    this.#hear(message);
  }

  #hear(bytes: Uint8Array): void {
    this.#decoder.push(bytes);
    for (let event = this.#decoder.next(); event !== undefined; event = this.#decoder.next()) {
      this.heard.push(event);
    }
  }
}

/** Gives the metadata as an honest peer does, and opens an empty store. */
export function teach(bench: Bench, peer: ScriptedPeer): void {
  peer.extend(bench.torrent.info.bytes.length);
  const data = bench.torrent.info.bytes;
  peer.say({
    type: "extended",
    id: 1,
    payload: encodeMetadataMessage({ type: "data", piece: 0, totalSize: data.length, data }),
  });
  bench.feed({ type: "storage-opened", have: new Bitfield(bench.torrent.geometry.pieceCount) });
}

/** Answers every hash request that was heard so far. */
export function proveHashes(bench: Bench, peer: ScriptedPeer, spoil?: (hashes: Uint8Array) => void): void {
  for (const { type: _, ...range } of peer.heardOf("hash-request")) {
    const tree = bench.torrent.trees.find((each) => each && equalBytes(each.piecesRoot, range.piecesRoot));
    const hashes = tree?.answer(range) ?? new Uint8Array();
    spoil?.(hashes);
    peer.say({ type: "hashes", ...range, hashes });
  }
}
