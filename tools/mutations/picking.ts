/** Rules about which blocks are asked for, of whom, and for how long. */
import type { Rule } from "./rule.ts";

const tests = ["web/engine/picker.test.ts"];
const picker = { file: "web/engine/picker.ts", tests };
const pieces = { file: "web/engine/pieces.ts", tests };
const asking = { file: "web/engine/asking.ts", tests };
const playing = { file: "web/engine/window-picker.ts", tests };
const requests = {
  file: "web/engine/requests.ts",
  tests: ["web/sim/wire-rules.test.ts", "web/sim/jumping.test.ts", "web/sim/requests.test.ts"],
};

const endgame = { file: "web/engine/endgame.ts", tests: requests.tests };

export const picking: readonly Rule[] = [
  {
    title: "picker: rarest first",
    ...picker,
    text: "isFirst || this.#picksAtRandom",
    replacement: "isFirst || !this.#picksAtRandom",
  },
  {
    title: "picker: of equally rare pieces a random one",
    file: "web/engine/rarity-order.ts",
    text: "for (let i = size - 1; i > 0; i--) this.#swap(i, this.#random.below(i + 1));",
    replacement: "",
    tests: ["web/engine/availability.test.ts"],
  },
  {
    title: "picker: the first piece at random",
    ...picker,
    text: "isFirst || this.#picksAtRandom",
    replacement: "this.#picksAtRandom && isFirst",
  },
  {
    title: "picker: started pieces are finished first",
    ...picker,
    text: 'this.#takeFromStarted(asking, count, peer.isFast ? "own" : "any");',
    replacement: "",
  },
  {
    title: "picker: of started pieces the one nearest to completion",
    ...picker,
    text: "best === undefined || progress.held > best.held",
    replacement: "best === undefined",
  },
  {
    title: "picker: a fast peer gives whole pieces",
    ...picker,
    text: 'peer.isFast ? "own" : "any"',
    replacement: '"any"',
  },
  {
    title: "picker: a peer is fast when its queue holds whole pieces",
    file: "web/engine/request-pace.ts",
    text: "(rate * REQUEST_QUEUE_MS) / 1000 >= geometry.pieceLength",
    replacement: "rate < 0",
    tests: ["web/engine/request-pace.test.ts"],
  },
  {
    title: "picker: high priority first, low last",
    ...pieces,
    text: "this.availability.setPriority(piece, priority);",
    replacement: "",
  },
  {
    title: "picker: what is not chosen is not started",
    ...pieces,
    text: "this.#mayHoldUnwanted ||= this.#started.has(piece);\n      this.availability.exclude(piece);",
    replacement: "this.#mayHoldUnwanted ||= this.#started.has(piece);",
  },
  {
    title: "picker: what is no longer chosen is not gone on with",
    ...picker,
    text: " || !this.pieces.isWanted(piece)",
    replacement: "",
  },
  {
    title: "picker: what is no longer chosen is taken back from peers",
    ...requests,
    text: "if (!this.#pieces.isMissing(request.piece)) this.#withdraw(context, peer, request);",
    replacement: "",
  },
  {
    title: "picker: nothing is asked for that could not be checked",
    ...picker,
    text: "!this.pieces.isDue(piece) && this.#isHashKnown(piece)",
    replacement: "!this.pieces.isDue(piece)",
  },
  {
    title: "picker: nothing is asked for that the peer lacks",
    ...picker,
    text: "free === 0 || !peer.have.has(piece) ||",
    replacement: "free === 0 ||",
  },
  {
    title: "picker: endgame",
    ...requests,
    text: "picked.length > 0 ? picked : takeInEndgame(context, peer, this.#pieces)",
    replacement: "picked",
  },
  {
    title: "picker: endgame begins when nothing is left to start",
    ...endgame,
    text: "if (isAnyLeftToStart(context, pieces)) return [];",
    replacement: "",
  },
  {
    title: "picker: endgame does not wait for what nobody here has",
    ...endgame,
    text: "availability.pickableHere > 0",
    replacement: "availability.pickable > 0",
  },
  {
    title: "picker: endgame waits for what is new here",
    ...endgame,
    text: " || now < availability.newPieceAt + ENDGAME_QUIET_MS",
    replacement: "",
  },
  {
    title: "picker: endgame waits for what a super-seed will show",
    ...endgame,
    text: "[...peers.values()].some((peer) => peer.isFullCopy)",
    replacement: "peers.size < 0",
  },
  {
    title: "picker: endgame leaves out who lets requests lie",
    ...endgame,
    text: " || peer.pipeline.isStalled",
    replacement: "",
  },
  {
    title: "picker: endgame asks only of idle peers",
    ...endgame,
    text: "peer.requests.length > 0 || ",
    replacement: "",
  },
  {
    title: "picker: endgame asks only for what comes clearly sooner",
    ...endgame,
    text: " + ENDGAME_GAIN_MS",
    replacement: "",
  },
  {
    title: "picker: endgame asks for what would come last",
    ...endgame,
    text: "let at = requests.length - 1; at >= 0; at--",
    replacement: "let at = 0; at < requests.length; at++",
  },
  {
    title: "picker: endgame asks at most two for one block",
    file: "web/engine/piece-progress.ts",
    text: " || asked.length >= ENDGAME_COPIES",
    replacement: "",
    tests: requests.tests,
  },
  {
    title: "picker: endgame takes back what came (cancel)",
    file: "web/engine/download.ts",
    text: "for (const link of outcome.cancel) this.requests.cancel(context, link, piece, block);",
    replacement: "",
    tests: requests.tests,
  },
  {
    title: "picker: the deadline window comes first",
    ...picker,
    text: "if (this.pieces.hasWindow) this.#window.first(asking, count);",
    replacement: "",
  },
  {
    title: "picker: a share of the window's time goes by rarity",
    ...playing,
    text: "count - share",
    replacement: "count + 0 * share",
  },
  {
    title: "picker: what is urgent is left to the fastest",
    ...playing,
    text: "mayTakeUrgent ? urgentTo : from",
    replacement: "mayTakeUrgent || true ? urgentTo : from",
  },
  {
    title: "picker: what is late in the window is asked of a second one",
    ...playing,
    text: "this.#takeLate(asking);",
    replacement: "",
  },
  {
    title: "picker: nothing in the window is asked of a second one before it is late",
    ...asking,
    text: "isLate && ",
    replacement: "",
  },
  {
    title: "picker: the window's later part goes by rarity",
    ...playing,
    text: "!canStart || copies > fewest",
    replacement: "!canStart || rarest !== undefined",
  },
  {
    title: "picker: a jump takes back what waits in the way",
    ...requests,
    text: "!this.#pieces.isInHead(request.piece)) this.#withdraw",
    replacement: "peer.link < 0) this.#withdraw",
  },
  {
    title: "picker: what is taken back stays owed until the peer answers",
    ...requests,
    text: "peer.takenBack.addOwed(key, request, context.now);",
    replacement: "peer.takenBack.add(key);\n    this.#lose(peer, request);",
  },
  {
    title: "picker: pieces in flight are bounded",
    ...pieces,
    text: "return !this.#isFull;",
    replacement: "return true;",
  },
  {
    title: "requests: not beyond what the peer takes (reqq)",
    file: "web/engine/pipeline.ts",
    text: "Math.min(this.#target, MAX_PIPELINE, reqq)",
    replacement: "Math.min(this.#target, MAX_PIPELINE, reqq + Infinity)",
    tests: ["web/engine/pipeline.test.ts"],
  },
  {
    title: "requests: as many as the peer's rate fills",
    file: "web/engine/pipeline.ts",
    text: "if (this.#isSlowStart) this.#target = Math.min(this.#target + 1, MAX_PIPELINE);",
    replacement: "",
    tests: ["web/engine/pipeline.test.ts"],
  },
  {
    title: "requests: a late peer is asked for one block at a time",
    file: "web/engine/pipeline.ts",
    text: "this.#isStalled ? 1 : ",
    replacement: "",
    tests: ["web/engine/pipeline.test.ts"],
  },
  {
    title: "requests: what is late is asked of others",
    ...requests,
    text: "if (context.now >= lateAt) this.#onLate(context, peer);\n      else ",
    replacement: "",
  },
  {
    title: "requests: they wait for the disk",
    file: "web/engine/download.ts",
    text: " || this.#committingBytes >= COMMIT_BACKLOG_BYTES",
    replacement: "",
    tests: requests.tests,
  },
  {
    title: "requests: a refusal of what was taken back is none of what was asked again",
    ...requests,
    text: "if (this.#onCancelled(peer, request.piece, block)) return true;",
    replacement: "",
  },
  {
    title: "requests: who refuses them rests",
    ...requests,
    text: "peer.restsUntil = (context.now + REJECTED_REST_MS) as Millis;",
    replacement: "",
  },
  {
    title: "interest: is lost with the last piece that we lack",
    file: "web/engine/interest.ts",
    text: "if (peer.interesting === piece || this.#pieces.isComplete) this.look(context, peer);",
    replacement: "",
    tests: ["web/engine/interest.test.ts"],
  },
];
