/** Rules about whom we upload to. */
import type { Rule } from "./rule.ts";

const choker = { file: "web/engine/choker.ts", tests: ["web/engine/choker.test.ts"] };
const numbers = { file: "web/engine/limits.ts", tests: ["web/engine/upload.test.ts"] };

export const choking: readonly Rule[] = [
  {
    title: "choker: who gives most comes first (tit for tat)",
    ...choker,
    text: "b.receivedRate - a.receivedRate || b.ratio - a.ratio",
    replacement: "b.ratio - a.ratio",
  },
  {
    title: "choker: giving earns a slot at all",
    ...choker,
    text: "const earners = seeding ? [] : strongest(peers).slice(0, Math.max(0, this.slots - 1));",
    replacement: "const earners: ChokerPeer[] = [];",
  },
  {
    title: "choker: equal givers are ranked by ratio",
    ...choker,
    text: " || b.ratio - a.ratio",
    replacement: "",
  },
  {
    title: "choker: one slot is optimistic",
    ...choker,
    text: ".slice(0, Math.max(0, this.slots - 1))",
    replacement: ".slice(0, this.slots)",
  },
  {
    title: "choker: the optimistic slot moves on",
    ...choker,
    text: "roundsUnchoked(peer, now) < turn && ",
    replacement: "",
  },
  {
    title: "choker: an optimistic turn takes 30 s",
    ...numbers,
    text: "OPTIMISTIC_ROUNDS = 3;",
    replacement: "OPTIMISTIC_ROUNDS = 2;",
  },
  {
    title: "choker: a round takes 10 s",
    ...numbers,
    text: "RECHOKE_INTERVAL_MS = 10_000;",
    replacement: "RECHOKE_INTERVAL_MS = 15_000;",
  },
  {
    title: "choker: several optimistic slots move every round",
    ...choker,
    text: "this.#optimistic.size > 1 ? 1 : OPTIMISTIC_ROUNDS",
    replacement: "OPTIMISTIC_ROUNDS",
  },
  {
    title: "choker: newcomers are three times as likely to be next",
    file: "web/engine/limits.ts",
    text: "NEWCOMER_WEIGHT = 3;",
    replacement: "NEWCOMER_WEIGHT = 1;",
    tests: choker.tests,
  },
  {
    title: "choker: who snubs us earns no slot",
    ...choker,
    text: "peer.interested && !peer.snubbed && peer.receivedRate > 0",
    replacement: "peer.interested && peer.receivedRate > 0",
  },
  {
    title: "choker: who sends nothing for 60 s snubs us",
    ...numbers,
    text: "SNUBBED_AFTER_MS = 60_000;",
    replacement: "SNUBBED_AFTER_MS = 90_000;",
  },
  {
    title: "choker: who owes us nothing does not snub us",
    file: "web/engine/peer.ts",
    text: "if (this.isChoking || !this.amInterested) return false;",
    replacement: "",
    tests: numbers.tests,
  },
  {
    title: "choker: a seed brings newcomers in",
    ...choker,
    text: "this.#round % 3 === 0 ? 0 : 1",
    replacement: "0",
  },
  {
    title: "choker: in every third round a seed brings none",
    ...choker,
    text: "this.#round % 3 === 0 ? 0 : 1",
    replacement: "1",
  },
  {
    title: "choker: at a seed the one unchoked first makes room",
    ...choker,
    text: " || byLastUnchoke(a, b)",
    replacement: " || byLastUnchoke(b, a)",
  },
  {
    title: "choker: at a super-seed who is midway in a piece keeps its slot",
    ...choker,
    text: "Number(b.isMidway) - Number(a.isMidway) || ",
    replacement: "",
  },
  {
    title: "choker: a fast peer that wants nothing has no slot",
    ...choker,
    text: "peer.interested && !peer.snubbed && peer.receivedRate > 0",
    replacement: "!peer.snubbed && peer.receivedRate > 0",
  },
  {
    title: "choker: a fast peer that wants nothing stays unchoked beside the slots",
    ...choker,
    text: "(!peer.snubbed && peer.receivedRate > weakestRate) || spare-- > 0",
    replacement: "spare-- > 0",
  },
  {
    title: "choker: a fast peer that wants something again takes the weakest one's slot",
    ...choker,
    text: "this.#weakerThan(peer, holders) ?? peer",
    replacement: "peer",
  },
  {
    title: "choker: debtors wait behind all others",
    ...choker,
    text: "line.sort((a, b) => Number(a.owes) - Number(b.owes))",
    replacement: "line",
  },
  {
    title: "choker: a debtor makes room for one who is none",
    ...choker,
    text: " && !isOver(peer)",
    replacement: "",
  },
  {
    title: "choker: a seed has no debtors",
    file: "web/engine/serve-queue.ts",
    text: "return peer.amInterested && isInDebt",
    replacement: "return isInDebt",
    tests: numbers.tests,
  },
  {
    title: "choker: a free slot goes to who waits at once",
    ...choker,
    text: "[...new Set([...earners, ...waiting])].slice(0, Math.max(0, this.slots - holders.size))",
    replacement: "waiting.slice(0, 0)",
  },
  {
    title: "choker: no fibrillation: nobody is unchoked in the round in which it was choked",
    ...choker,
    text: ".filter((peer) => !this.#changed.has(peer.link))",
    replacement: "",
  },
  {
    title: "choker: no fibrillation: nobody is choked in the round in which it was unchoked",
    ...choker,
    text: " && !this.#changed.has(other.link)",
    replacement: "",
  },
  {
    title: "choker: no fibrillation: who lost interest keeps its slot until the round ends",
    ...choker,
    text: "(interested || this.#changed.has(link))",
    replacement: "interested",
  },
  {
    title: "choker: a low upload limit leaves fewer slots",
    file: "web/engine/upload-slots.ts",
    text: "Math.min(most, Math.max(MIN_UPLOAD_SLOTS, worthwhile))",
    replacement: "most + 0 * worthwhile",
    tests: ["web/engine/upload-slots.test.ts"],
  },
  {
    title: "choker: the limit that is set decides about the slots",
    file: "web/engine/swarm.ts",
    text: "slotsWithin(uploadBytesPerSecond, uploadSlots)",
    replacement: "uploadSlots",
    tests: numbers.tests,
  },
  {
    title: "serving: who earned no slot gets a tenth while one who did asks",
    ...numbers,
    text: "OPTIMISTIC_SHARE = 1 / 10;",
    replacement: "OPTIMISTIC_SHARE = 1;",
  },
  {
    title: "serving: a debtor gets half of that",
    ...numbers,
    text: "DEBTOR_SHARE = OPTIMISTIC_SHARE / 2;",
    replacement: "DEBTOR_SHARE = OPTIMISTIC_SHARE;",
  },
];
