/** Rules about those who lie, forge and flood, and about the honest ones beside them. */
import type { Rule } from "./rule.ts";

const tests = ["web/sim/wire-rules.test.ts", "web/sim/versions.test.ts"];
const suspicion = { file: "web/engine/suspicion.ts", tests };
const download = { file: "web/engine/download.ts", tests };
const hashes = { file: "web/engine/hash-exchange.ts", tests: [...tests, "web/engine/hash-exchange.test.ts"] };
const serving = { file: "web/engine/serve-queue.ts", tests: [...tests, "web/sim/serving.test.ts"] };
const metadata = {
  file: "web/engine/metadata-exchange.ts",
  tests: ["web/sim/wire-rules.test.ts", "web/engine/metadata-exchange.test.ts"],
};
const messages = { file: "web/engine/on-message.ts", tests };

export const badData: readonly Rule[] = [
  {
    title: "blame: v2 asks for the leaves of a corrupt piece",
    ...download,
    text: "this.#hashes.wantLeaves(context, progress.piece);",
    replacement: "",
  },
  {
    title: "blame: v2 convicts only who sent a bad block",
    ...suspicion,
    text: ".filter((block) => !sameHash(leaves, proven, block))",
    replacement: "",
  },
  {
    title: "blame: v2 fetches only the bad blocks again",
    ...download,
    text: "this.pieces.onCorrupt(progress, badBlocks);",
    replacement: "this.pieces.onCorrupt(progress, progress.givers.keys());",
  },
  {
    title: "blame: who sent all of a corrupt piece is convicted at once",
    ...suspicion,
    text: "if (senders.size <= 1) return",
    replacement: "if (senders.size < 1) return",
  },
  {
    title: "blame: who is convicted is banned",
    ...download,
    text: 'context.drop(peer, "data-corrupt", { ban: true });',
    replacement: 'context.drop(peer, "data-corrupt");',
  },
  {
    title: "blame: v1 compares with the right copy (smart ban)",
    ...download,
    text: "this.#ban(context, this.#suspicion.compare(piece, result.leaves));",
    replacement: "",
  },
  {
    title: "blame: v1 fetches a corrupt piece from one peer alone",
    ...download,
    text: "this.pieces.fetchAlone(piece);",
    replacement: "",
  },
  {
    title: "blame: v1 convicts only who sent other bytes",
    ...suspicion,
    text: "giver !== undefined && !sameHash(copy.leaves, leaves, block)",
    replacement: "giver !== undefined",
  },
  {
    title: "blame: a piece right by its leaves and wrong by SHA-1 is nobody's lie, and stops the torrent",
    ...download,
    text: "if (badBlocks.length === 0) {",
    replacement: "if (badBlocks.length < 0) {",
  },
  {
    title: "blame: a disk that fails is nobody's lie",
    file: download.file,
    text: 'case "failed":\n        this.#isStopped = true;',
    replacement:
      'case "failed":\n        this.#ban(context, new Set(progress.givers.filter((giver) => giver !== undefined)));',
    tests: ["web/sim/requests.test.ts"],
  },
  {
    title: "blame: a forged proof bans who sent it",
    ...hashes,
    text: 'context.drop(peer, "hashes-forged", { ban: true });',
    replacement: "",
  },
  {
    title: "blame: hashes count only when they lead to the root",
    file: "web/engine/metainfo/hash-tree.ts",
    text: 'equalBytes(proven, hash) ? "accepted" : "forged"',
    replacement: '"accepted"',
    tests: [...tests, "web/engine/metainfo/hash-tree.test.ts"],
  },
  {
    title: "blame: hashes that come too late are no crime",
    ...hashes,
    text: "if (asked === undefined) return false;",
    replacement:
      'if (asked === undefined) context.drop(peer, "hashes-forged");\n    if (asked === undefined) return false;',
  },
  {
    title: "hashes: who refused piece hashes rests",
    ...hashes,
    text: "if (piece === undefined) this.#restingUntil.set(link, now + METADATA_TIMEOUT_MS);",
    replacement: "if (piece === undefined) return;",
  },
  {
    title: "hashes: a rest ends",
    ...hashes,
    text: "(this.#restingUntil.get(peer.link) ?? now) <= now",
    replacement: "!this.#restingUntil.has(peer.link)",
  },
  {
    title: "hashes: who refused a piece's leaves is not asked for them again",
    ...hashes,
    text: "this.#canAsk(peer, piece) && !refused?.has(peer.link)",
    replacement: "this.#canAsk(peer, piece) && refused !== null",
  },
  {
    title: "hashes: one who does not answer is passed over",
    ...hashes,
    text: "if (context.now - asked.at <= METADATA_TIMEOUT_MS) continue;",
    replacement: "if (key !== undefined) continue;",
  },
  {
    title: "blame: an unsolicited block closes the link",
    ...messages,
    text: 'if (!wasAsked) state.drop(peer, "block-not-requested");',
    replacement: "",
  },
  {
    title: "blame: a late answer is no crime",
    ...download,
    text: "this.requests.takeCancelled(peer, piece, block)",
    replacement: "block < 0",
  },
  {
    title: "blame: only what is exactly a block is an answer",
    file: "web/engine/geometry.ts",
    text: "length === this.blockBytes(piece as PieceIndex, block) ? (block as BlockIndex) : undefined",
    replacement: "block as BlockIndex",
    tests,
  },
  {
    title: "blame: a flood of refused requests bans",
    ...serving,
    text: 'if (peer.refusedRequests > 2 * REQUEST_QUEUE_LIMIT) context.drop(peer, "request-flood", { ban: true });\n    else ',
    replacement: "",
  },
  {
    title: "blame: refusals before the last unchoke are no flood",
    file: "web/engine/upload.ts",
    text: "peer.refusedRequests = 0;",
    replacement: "",
    tests: serving.tests,
  },
  {
    title: "blame: a queue of requests is bounded",
    ...serving,
    text: " || peer.uploads.length >= REQUEST_QUEUE_LIMIT",
    replacement: "",
  },
  {
    title: "blame: a request that is too long closes the link",
    ...serving,
    text: "if (length > MAX_REQUEST_BYTES) {",
    replacement: "if (length > Infinity) {",
  },
  {
    title: "blame: a request beyond the torrent closes the link",
    ...serving,
    text: "!this.#geometry.contains(piece, begin, length, peer.version)",
    replacement: "piece < 0",
  },
  {
    title: "blame: who sent all of wrong metadata is banned",
    ...metadata,
    text: 'context.drop(last, "metadata-corrupt", { ban: true });',
    replacement: "",
  },
  {
    title: "blame: wrong metadata of several comes from one alone next",
    ...metadata,
    text: "this.#only = last.link;",
    replacement: "",
  },
  {
    title: "metadata: who does not answer is passed over",
    ...metadata,
    text: "if (isElsewhere) for (const link of late) this.#rest(link, context.now);",
    replacement: "",
  },
  {
    title: "blame: no memory for metadata of an impossible size",
    file: "web/engine/wire/extension-handshake.ts",
    text: "metadataSize <= MAX_METADATA_BYTES && { metadataSize }",
    replacement: "{ metadataSize }",
    tests: ["web/engine/wire/extension-handshake.test.ts"],
  },
];
