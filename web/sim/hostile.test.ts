/** Anything in any order: no step throws, and nothing that a peer or a person does makes a swarm grow without bound. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import type { Input, Output } from "../engine/io.ts";
import {
  BLOCK_BYTES,
  MAX_PIPELINE,
  REQUEST_QUEUE_LIMIT,
  TRACE_BYTES,
  TRACE_STEPS,
} from "../engine/limits.ts";
import type { Swarm } from "../engine/swarm.ts";
import { type LinkId, linkId, millis, type PeerId, type PieceIndex } from "../engine/units.ts";
import { anyDictionary, EXTENSION_KEYS } from "./any-dictionary.ts";
import { collectionSizes } from "./collections.ts";
import { Bench } from "./scripted-peer.ts";
import { SyntheticTorrent } from "./synthetic-torrent.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const PIECE = 4 * BLOCK_BYTES;
const FILES = [5, 3].map((pieces, file) => ({ path: [`${file}`], length: pieces * PIECE - file * 1000 }));
const TORRENTS = (["v2", "hybrid", "v1"] as const).map(
  (kind) => new SyntheticTorrent(FILES, PIECE, sha256, kind),
);
const MOST_LINKS = 12;
/** Most orders that one fact may lead to here: a whole piece map told to five peers, and a full pipeline each. */
const MOST_OUTPUTS = 4000;

const anyBytes = fc.uint8Array({ maxLength: 200 });
const anyMessage = fc
  .tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16, 17, 20, 21, 22, 23, 99), anyBytes)
  .map(([id, body]) => Uint8Array.of(0, 0, 0, body.length + 1, id, ...body));
/** An extension message with right keys and any values. */
const anyExtensionBody = fc.oneof(...Object.values(EXTENSION_KEYS).map((keys) => anyDictionary(keys)));
const anyExtended = fc.tuple(fc.nat(8), anyExtensionBody).map(([id, body]) => {
  const size = body.length + 2;
  return Uint8Array.of(0, 0, size >> 8, size & 255, 20, id, ...body);
});
/** Well-formed, with small numbers: gets past the codec. */
const anyFixed = fc
  .tuple(fc.constantFrom(4, 6, 7, 8, 16), fc.nat(9), fc.nat(5), fc.constantFrom(0, 1, BLOCK_BYTES, 2 ** 31))
  .map(([id, piece, block, length]) => {
    const begin = block * BLOCK_BYTES;
    const words = id === 4 ? [piece] : id === 7 ? [piece, begin] : [piece, begin, length];
    const view = new DataView(new ArrayBuffer(5 + 4 * words.length));
    view.setUint32(0, 1 + 4 * words.length);
    view.setUint8(4, id);
    for (const [at, word] of words.entries()) view.setUint32(5 + 4 * at, word);
    return new Uint8Array(view.buffer);
  });
const anyLink = fc.integer({ min: 1, max: 4 }).map(linkId);
const anyRate = fc.constantFrom(0, 1, 1000, 1e9, Infinity);
const anyIndex = fc.constantFrom(-1, 0, 3, 7, 8, 2 ** 31, Number.NaN) as fc.Arbitrary<PieceIndex>;

const fromPeers: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    type: fc.constant("bytes-received" as const),
    link: anyLink,
    bytes: fc.oneof(anyFixed, anyMessage, anyExtended),
  }),
  fc.record({
    type: fc.constant("bytes-flushed" as const),
    link: anyLink,
    count: fc.constantFrom(0, 1, 1e9),
  }),
  fc.record({ type: fc.constant("link-closed" as const), link: anyLink }),
  fc.record({
    type: fc.constant("link-opened" as const),
    link: anyLink,
    peer: fc.constantFrom("8", "9").map((digit) => digit.repeat(40) as PeerId),
    relayed: fc.boolean(),
  }),
);
const fromUs: fc.Arbitrary<Input> = fc.oneof(
  fc.constant<Input>({ type: "woke" }),
  fc.record({ type: fc.constant("download-allowed" as const), allowed: fc.boolean() }),
  fc.record({
    type: fc.constant("files-wanted" as const),
    wanted: fc.array(fc.boolean(), { maxLength: 3 }),
    priorities: fc.array(fc.constantFrom("low" as const, "normal" as const, "high" as const), {
      maxLength: 3,
    }),
  }),
  fc.record({
    type: fc.constant("window-set" as const),
    first: anyIndex,
    count: fc.constantFrom(-5, 0, 1, 4, 1e9, Infinity),
  }),
  fc.record({
    type: fc.constant("limits-set" as const),
    uploadBytesPerSecond: anyRate,
    downloadBytesPerSecond: anyRate,
    uploadSlots: fc.constantFrom(0, 1, 4, Infinity),
  }),
);
/** How the disk answers the oldest `commit` that waits. */
const fromDisk = fc.constantFrom("stored" as const, "corrupt" as const, "failed" as const);

const anyStep = fc.oneof(
  { weight: 8, arbitrary: fromPeers },
  { weight: 2, arbitrary: fromUs },
  { weight: 1, arbitrary: fromDisk },
);

for (const torrent of TORRENTS) {
  test(`hostile peers, hasty people and bad disks in any order break nothing in a ${torrent.info.version} torrent`, () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(anyStep, { maxLength: 120 }),
        fc.array(fc.nat(40_000), { minLength: 1, maxLength: 10 }),
        (isSeed, steps, waits) => void play(torrent, isSeed, steps, waits),
      ),
      { numRuns: 300 },
    );
  });
}

for (const torrent of TORRENTS) {
  test(`nothing that a swarm of a ${torrent.info.version} torrent remembers grows with what hostile peers say for long`, () => {
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.array(anyStep, { minLength: 1500, maxLength: 2000, size: "max" }),
        fc.array(fc.nat(40_000), { minLength: 1, maxLength: 10 }),
        (isSeed, steps, waits) => {
          const swarm = play(torrent, isSeed, steps, waits);
          const grown = [...collectionSizes(swarm)].filter(([path, entries]) => entries > mostEntries(path));
          expect(grown).toEqual([]);
        },
      ),
      // Making a long run that fails shorter takes minutes.
      { numRuns: 8, endOnFailure: true },
    );
  });
}

/** The torrent has 8 pieces of 4 blocks, and few links are open at once: what has more entries grows with what is said. */
function mostEntries(path: string): number {
  if (path.startsWith(".#trace")) return TRACE_STEPS;
  if (path.endsWith(".uploads")) return REQUEST_QUEUE_LIMIT;
  return 64;
}

function play(
  torrent: SyntheticTorrent,
  isSeed: boolean,
  steps: readonly (Input | "stored" | "corrupt" | "failed")[],
  waits: readonly number[],
): Swarm {
  const empty = new Bitfield(torrent.geometry.pieceCount);
  const bench = new Bench(torrent, isSeed ? { isSeed } : { resumed: empty });
  const seed = bench.meet();
  const links = [seed, bench.meet(), bench.meet({ fast: false })].map(({ link }) => link);
  seed.say({ type: "have-all" }, { type: "unchoke" });
  const waiting: Extract<Output, { type: "commit" }>[] = [];
  for (const [index, step] of steps.entries()) {
    bench.now = millis(bench.now + (waits[index % waits.length] ?? 0) / 10);
    const input = typeof step === "string" ? answerOf(step, waiting.shift()) : onLinks(bench, links, step);
    const outputs = bench.feed(input);
    expect(outputs.length).toBeLessThan(MOST_OUTPUTS);
    for (const output of outputs) if (output.type === "commit") waiting.push(output);
  }
  const { peers, have, wanted } = bench.swarm.snapshot(bench.now);
  expect(peers.length).toBeLessThanOrEqual(MOST_LINKS + 1);
  expect(have).toBeGreaterThanOrEqual(0);
  expect(have).toBeLessThanOrEqual(torrent.geometry.totalBytes);
  expect(wanted).toBeLessThanOrEqual(torrent.geometry.totalBytes);
  for (const { requested } of peers) expect(requested).toBeLessThanOrEqual(MAX_PIPELINE);
  expect(bench.swarm.trace().length).toBeLessThan(3 * TRACE_BYTES);
  return bench.swarm;
}

/** Links come and go as in a session: each has a number of its own, and only so many are open at once. */
function onLinks(bench: Bench, links: LinkId[], input: Input): Input {
  if (input.type === "link-opened") {
    const link = input.relayed ? bench.meet().link : linkId(1000 + bench.outputs.length);
    links.push(link);
    if (links.length > MOST_LINKS) bench.feed({ type: "link-closed", link: links.shift() ?? link });
    return input.relayed ? { type: "woke" } : { ...input, link };
  }
  const link = "link" in input ? links[input.link % links.length] : undefined;
  return link === undefined ? input : ({ ...input, link } as Input);
}

function answerOf(
  result: "stored" | "corrupt" | "failed",
  commit: Extract<Output, { type: "commit" }> | undefined,
): Input {
  if (commit === undefined) return { type: "woke" };
  const { piece, bytes } = commit;
  if (result === "failed") return { type: "piece-committed", piece, result };
  const leaves = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * 32);
  return { type: "piece-committed", piece, result, leaves };
}
