/** Rules about what we say that we have, and how we answer. */
import type { Rule } from "./rule.ts";

const wireTests = ["web/sim/wire-rules.test.ts", "web/sim/serving.test.ts", "web/engine/interest.test.ts"];
const superSeed = { file: "web/engine/super-seed.ts", tests: ["web/engine/super-seed.test.ts"] };
const shown = { file: "web/engine/shown-pieces.ts", tests: ["web/engine/shown-pieces.test.ts"] };
const queue = { file: "web/engine/serve-queue.ts", tests: wireTests };
const interest = { file: "web/engine/interest.ts", tests: wireTests };
const haves = { file: "web/engine/have-notices.ts", tests: ["web/engine/have-notices.test.ts"] };

export const giving: readonly Rule[] = [
  {
    title: "super-seeding: the only seed of a fresh share shows nothing at first",
    file: "web/engine/swarm-state.ts",
    text: "isFreshShare ? new SuperSeed(geometry.pieceCount, this.#random) : undefined",
    replacement: "undefined",
    tests: shown.tests,
  },
  {
    title: "super-seeding: who is choked is shown one piece",
    ...superSeed,
    text: "shown.open.size < (peer.isUnchoked ? shown.window : 1)",
    replacement: "shown.open.size < shown.window",
  },
  {
    title: "super-seeding: everyone is shown other pieces",
    ...superSeed,
    text: "      this.#fresh.splice(i, 1);",
    replacement: "",
  },
  {
    title: "super-seeding: off at the second copy, at one peer",
    ...shown,
    text: "if (peer.isSeed) {\n      this.stopSuperSeeding(context);",
    replacement: "if (peer.isSeed) {",
  },
  {
    title: "super-seeding: off at the second copy, among all",
    ...shown,
    text: "if (idleMs >= SUPER_SEED_IDLE_MS && this.#superSeed.isFirstCopyOut) this.stopSuperSeeding(context);",
    replacement: "",
  },
  {
    title: "super-seeding: who is done showing says the rest",
    ...shown,
    text: "    this.#superSeed = undefined;\n    for (const peer of context.peers.values()) {",
    replacement:
      "    this.#superSeed = undefined;\n    for (const peer of [...context.peers.values()].slice(0, 0)) {",
  },
  {
    title: "super-seeding: what waits at a choked leecher is taken back",
    ...superSeed,
    text: "this.#nextWaiting(peer, shown, view, takenBack) ??",
    replacement: "",
  },
  {
    title: "super-seeding: what nobody passes on is given again",
    ...superSeed,
    text: "this.#nextKept(peer, shown, now)",
    replacement: "undefined",
  },
  {
    title: "super-seeding: what only one had that left is shown again",
    ...superSeed,
    text: "this.#takeBack(shown, [...shown.kept.keys()]);",
    replacement: "",
  },
  {
    title: "super-seeding: whose turn is over is shown no more",
    ...superSeed,
    text: "while (!peer.isTurnOver && ",
    replacement: "while (",
  },
  {
    title: "fast: what is refused is rejected",
    ...queue,
    text: "else this.#reject(context, peer, request);",
    replacement: "",
  },
  {
    title: "fast: a choke rejects what waits",
    ...queue,
    text: "for (const request of peer.uploads.splice(0)) this.#reject(context, peer, request);",
    replacement: "peer.uploads.splice(0);",
  },
  {
    title: "fast: a cancel that comes in time is answered by a reject",
    ...queue,
    text: "if (request !== undefined) this.#reject(context, peer, request);",
    replacement: "",
  },
  {
    title: "fast: a cancel that comes late is not answered again",
    ...queue,
    text: "if (request !== undefined) this.#reject(context, peer, request);",
    replacement: "this.#reject(context, peer, request ?? { piece, begin, length });",
  },
  {
    title: "fast: what cannot be read is rejected",
    ...queue,
    text: "PIECE_HEADER_BYTES - request.length);\n      this.#reject(context, peer, request);",
    replacement: "PIECE_HEADER_BYTES - request.length);",
  },
  {
    title: "fast: no rejects to who does not speak it",
    ...queue,
    text: "if (peer.isFast) context.out.send",
    replacement: "context.out.send",
  },
  {
    title: "fast: requests outlive a choke until they are rejected",
    file: "web/engine/requests.ts",
    text: "if (!peer.isFast) this.#loseAll(peer);",
    replacement: "this.#loseAll(peer);",
    tests: wireTests,
  },
  {
    title: "fast: without it a choke ends all requests",
    file: "web/engine/requests.ts",
    text: "if (!peer.isFast) this.#loseAll(peer);",
    replacement: "",
    tests: wireTests,
  },
  {
    title: "fast: a reject of what was never asked closes the link",
    file: "web/engine/on-message.ts",
    text: 'message))\n        state.drop(peer, "message-out-of-place");',
    replacement: "message)) break;",
    tests: wireTests,
  },
  {
    title: "lt_donthave: everybody is told what was lost",
    file: "web/engine/swarm.ts",
    text: "for (const piece of pieces) sayDontHave(state, peer, piece as PieceIndex);",
    replacement: "",
    tests: wireTests,
  },
  {
    title: "lt_donthave: what a peer lost is not asked of it",
    ...interest,
    text: "peer.have.clear(piece);",
    replacement: "",
  },
  {
    title: "lt_donthave: what a peer lost counts as rarer",
    ...interest,
    text: "    availability.onLost(piece);",
    replacement: "",
  },
  {
    title: "lt_donthave: a seed that lost a piece is none",
    ...interest,
    text: "      availability.seeds--;\n      availability.add(peer.have);",
    replacement: "",
  },
  {
    title: "lt_donthave: interest goes with what was lost",
    ...interest,
    text: "availability.onLost(piece);\n    if (peer.interesting === piece) this.look(context, peer);",
    replacement: "availability.onLost(piece);",
  },
  {
    title: "upload_only: who has everything says so",
    file: "web/engine/on-extended.ts",
    text: "state.torrent?.download.have.isFull ?? false",
    replacement: "false",
    tests: wireTests,
  },
  {
    title: "upload_only: what a peer says of it is heard",
    file: "web/engine/on-extended.ts",
    text: "peer.isUploadOnly = uploadOnly ?? peer.isUploadOnly;",
    replacement: "",
    tests: [...wireTests, ...haves.tests],
  },
  {
    title: "upload_only: another program's seed of some files is no full copy",
    file: "web/engine/peer.ts",
    text: 'this.isUploadOnly && this.extensionIds.has("shoal_pex")',
    replacement: "this.isUploadOnly",
    tests: wireTests,
  },
  {
    title: "upload_only: our own kind's is one, whatever it shows",
    file: "web/engine/peer.ts",
    text: "this.isSeed || this.#isOurSeed",
    replacement: "this.isSeed",
    tests: wireTests,
  },
  {
    title: "upload_only: who lost a piece takes it back",
    file: "web/engine/swarm.ts",
    text: "if (isSeed && peer.isHandshakeDone) sendExtensionHandshake(state, peer);",
    replacement: "",
    tests: wireTests,
  },
  {
    title: "upload_only: who gives only by what it hears, hears at once",
    ...haves,
    text: "if (peer.isUploadOnly && !peer.isSeed) return true;",
    replacement: "",
  },
  {
    title: "have: some wait to go together",
    ...haves,
    text: "owed >= HAVES_TOGETHER || mayWaitForIt(peer, piece)",
    replacement: "owed >= 0",
  },
  {
    title: "have: goes before an unchoke",
    file: "web/engine/upload.ts",
    text: "      this.#haves.sayOwed(context, peer);\n      context.out.send",
    replacement: "      context.out.send",
    tests: haves.tests,
  },
];
