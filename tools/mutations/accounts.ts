/** Rules about how fast bytes may flow, and how they are counted. */
import type { Rule } from "./rule.ts";

const bucket = { file: "web/engine/token-bucket.ts", tests: ["web/engine/token-bucket.test.ts"] };
const limits = ["web/sim/scenarios/limits.test.ts"];

export const accounts: readonly Rule[] = [
  {
    title: "token bucket: what passes is taken out",
    ...bucket,
    text: "this.#level -= bytes * MILLI;",
    replacement: "",
  },
  {
    title: "token bucket: no more is saved up than a burst",
    ...bucket,
    text: "this.#level = Math.min(this.#level + gained, this.#capacity);",
    replacement: "this.#level += gained;",
  },
  {
    title: "token bucket: holds a block at any rate",
    ...bucket,
    text: "Math.max(this.#bytesPerSecond * RATE_LIMIT_BURST_MS, BLOCK_BYTES * MILLI)",
    replacement: "this.#bytesPerSecond * RATE_LIMIT_BURST_MS",
  },
  {
    title: "token bucket: a debt is paid before the next",
    ...bucket,
    text: "this.#level -= bytes * MILLI;",
    replacement: "this.#level = Math.max(0, this.#level - bytes * MILLI);",
  },
  {
    title: "limits: uploads keep to theirs",
    file: "web/engine/serve-queue.ts",
    text: "if (!this.#limit.take(request.length, context.now)) {",
    replacement: "if (request.length < 0) {",
    tests: limits,
  },
  {
    title: "limits: an upload limit is shared evenly",
    file: "web/engine/serve-queue.ts",
    text: "this.#serveOne(context, peer, request);\n      this.#waiting.splice(at, 1);\n      this.#waiting.push(peer);",
    replacement: "this.#serveOne(context, peer, request);",
    tests: limits,
  },
  {
    title: "limits: downloads keep to theirs",
    file: "web/engine/requests.ts",
    text: "this.#limit.take(length, context.now);",
    replacement: "",
    tests: limits,
  },
  {
    title: "limits: a download limit is shared evenly",
    file: "web/engine/requests.ts",
    text: "      this.#turns.delete(peer);\n      this.#turns.add(peer);",
    replacement: "      if (this.#target(context, peer) <= peer.requests.length) this.#turns.delete(peer);",
    tests: limits,
  },
  {
    title: "limits: what a peer will not give is given back",
    file: "web/engine/requests.ts",
    text: "this.#limit.giveBack(this.#geometry.blockBytes(piece, block));",
    replacement: "",
    tests: ["web/sim/requests.test.ts"],
  },
  {
    title: "ledger: what comes twice is wasted",
    file: "web/engine/download.ts",
    text: "context.ledger.onWasted(peer.id, data.length);",
    replacement: "context.ledger.onDownloaded(peer.id, data.length);",
    tests: ["web/sim/requests.test.ts"],
  },
  {
    title: "ledger: what is corrupt was not downloaded",
    file: "web/engine/ledger.ts",
    text: "this.onDownloaded(peer, -bytes);",
    replacement: "",
    tests: ["web/engine/ledger.test.ts"],
  },
  {
    title: "ledger: the senders of bad blocks are charged for them",
    file: "web/engine/download.ts",
    text: "if (giver !== undefined) context.ledger.onSpoiled(giver, bytes);",
    replacement: "",
    tests: ["web/sim/wire-rules.test.ts"],
  },
  {
    title: "ledger: what never left was not uploaded",
    file: "web/engine/serve-queue.ts",
    text: "if (id !== undefined) context.ledger.onUploaded(id, -request.length);",
    replacement: "",
    tests: ["web/sim/wire-rules.test.ts"],
  },
  {
    title: "ledger: what never left was not uploaded, though the link is closed",
    file: "web/engine/serve-queue.ts",
    text: "peer?.id ?? this.#left.get(link)",
    replacement: "peer?.id",
    tests: ["web/sim/wire-rules.test.ts"],
  },
  {
    title: "ledger: conservation, of what was sent",
    file: "web/engine/serve-queue.ts",
    text: "context.ledger.onUploaded(peer.id, length);",
    replacement: "context.ledger.onUploaded(peer.id, length - 1);",
    tests: ["web/sim/scenarios/accounts.test.ts"],
  },
  {
    title: "ledger: conservation, of what came too late",
    file: "web/engine/download.ts",
    text: "context.ledger.onWasted(peer.id, data.length);",
    replacement: "",
    tests: ["web/sim/scenarios/accounts.test.ts"],
  },
  {
    title: "ledger: whom it forgets still counts in the total",
    file: "web/engine/ledger.ts",
    text: "this.#total.uploaded += bytes;",
    replacement: "",
    tests: ["web/engine/ledger.test.ts"],
  },
];
