/**
 * What introducing two peers costs at the tracker: WebTorrent's five speculative offers to strangers beside our
 * own clients' dialect, a list of peers and then one sealed offer to each chosen one.
 *
 * Peers come one after another and announce three times each; at each announce a peer takes up to five new
 * connections. A connection counts once, when the answer is back. Messages and bytes are the texts of both
 * directions, as they cross the wire at the tracker.
 *
 * Descriptions are whole in both dialects: our clients let one wait for the candidates that are found soon. Where
 * some take long (a slow STUN server) they follow in a batch from each end, two messages at the tracker each:
 * "late candidates" measures that.
 */
import type { WebSocket } from "ws";
import { formatClientMessage, parseServerMessage, type ServerMessage } from "../../signaling/messages.ts";
import { makeSealer } from "../../web/adapters/sealing.ts";
import { PEERS_WANTED } from "../../web/adapters/tracker/limits.ts";
import { infoHash } from "../../web/engine/units.ts";
import { candidates, description, nameOf, openSocket } from "./peer-socket.ts";
import type { DialectFigures } from "./report.ts";
import { TrackerProcess } from "./tracker-process.ts";

const ROUNDS = 3;
const NEW_CONNECTIONS = 5;

type Dialect = "webtorrent" | "shoal" | "shoal, late candidates";

export async function measureDialect(dialect: Dialect, size: number): Promise<DialectFigures> {
  const isOurs = dialect !== "webtorrent";
  const tracker = await TrackerProcess.start(isOurs ? "shoal" : "bittorrent-tracker");
  const texts = await (isOurs ? sealedTexts(dialect === "shoal") : plainTexts());
  const swarm = new Meeting(dialect, texts);
  try {
    for (let index = 0; index < size; index++) await swarm.join(await openSocket(tracker.url), index);
    for (let round = 1; round < ROUNDS; round++) await swarm.announceAgain();
    return { peers: size, ...swarm.figures() };
  } finally {
    await tracker.stop();
  }
}

interface Texts {
  readonly offer: string;
  readonly answer: string;
  /** What follows a description by itself; undefined when it says all. */
  readonly candidates: string | undefined;
}

async function plainTexts(): Promise<Texts> {
  return { offer: description("offer"), answer: description("answer"), candidates: undefined };
}

/** Sealed by the app's own code. */
async function sealedTexts(isWhole: boolean): Promise<Texts> {
  const hash = infoHash("5a".repeat(32));
  if (hash === undefined) throw new Error("no infohash");
  const sealer = await makeSealer(hash);
  const soon = (text: string) => (isWhole ? text : text.replace(/a=candidate.*srflx.*\r\n/g, ""));
  const late = candidates.filter((candidate) => candidate.includes("srflx"));
  const context = { from: hex(1), to: hex(2), offerId: hex(3) };
  const seal = (kind: "offer" | "answer" | "candidates", text: string) =>
    sealer.seal(text, { kind, ...context } as Parameters<typeof sealer.seal>[1]);
  return {
    offer: await seal("offer", soon(description("offer"))),
    answer: await seal("answer", soon(description("answer"))),
    candidates: isWhole
      ? undefined
      : await seal(
          "candidates",
          JSON.stringify(late.map((candidate) => ({ candidate, sdpMid: "0", sdpMLineIndex: 0 }))),
        ),
  };
}

const hex = (index: number) => Buffer.from(nameOf("peer", index), "latin1").toString("hex");
const offerIdOf = (index: number) => Buffer.from(nameOf("offr", index), "latin1").toString("hex");
const room = Buffer.from(nameOf("room", 1), "latin1").toString("hex");

interface Member {
  readonly peer: string;
  readonly socket: WebSocket;
  readonly met: Set<string>;
  /** Whom the tracker ever listed: our clients remember, and ask for a list only when they know of nobody left. */
  readonly known: Set<string>;
}

class Meeting {
  readonly #dialect: Dialect;
  readonly #texts: Texts;
  readonly #members: Member[] = [];
  readonly #connections = new Set<string>();
  #messages = 0;
  #bytes = 0;
  #offerCount = 0;
  #lastHeardAt = 0;

  constructor(dialect: Dialect, texts: Texts) {
    this.#dialect = dialect;
    this.#texts = texts;
  }

  async join(socket: WebSocket, index: number): Promise<void> {
    const member: Member = { peer: hex(index), socket, met: new Set(), known: new Set() };
    this.#members.push(member);
    socket.on("message", (data) => {
      const text = data.toString();
      this.#count(text);
      const parsed = parseServerMessage(text);
      if (parsed.ok) this.#onMessage(member, parsed.value);
    });
    this.#announce(member, "started");
    await this.#silence();
  }

  async announceAgain(): Promise<void> {
    for (const member of this.#members) {
      this.#announce(member, "update");
      await this.#silence();
    }
  }

  figures(): Omit<DialectFigures, "peers"> {
    return { connections: this.#connections.size, messages: this.#messages, bytes: this.#bytes };
  }

  #announce(member: Member, event: "started" | "update"): void {
    const isOurs = this.#dialect !== "webtorrent";
    const offers = isOurs ? 0 : NEW_CONNECTIONS;
    this.#say(member, {
      kind: "announce",
      room,
      peer: member.peer,
      event,
      uploaded: 0,
      downloaded: 0,
      left: 1_000_000,
      numwant: isOurs ? this.#wanted(member) : NEW_CONNECTIONS,
      offers: Array.from({ length: offers }, () => ({ offerId: this.#newOfferId(), sdp: this.#texts.offer })),
      extended: isOurs,
    });
  }

  #wanted(member: Member): number {
    return [...member.known].every((peer) => member.met.has(peer)) ? PEERS_WANTED : 0;
  }

  #onMessage(member: Member, said: ServerMessage): void {
    if (said.kind === "announced") {
      for (const { peer } of said.peers ?? []) member.known.add(peer);
      const strangers = [...member.known].filter((peer) => !member.met.has(peer));
      for (const peer of strangers.slice(0, NEW_CONNECTIONS)) {
        const offerId = this.#newOfferId();
        member.met.add(peer);
        this.#signal(member, "offer", peer, offerId);
        this.#trickle(member, peer, offerId);
      }
    } else if (said.kind === "offer") {
      member.met.add(said.from);
      this.#signal(member, "answer", said.from, said.offerId);
      this.#trickle(member, said.from, said.offerId);
    } else if (said.kind === "answer") {
      this.#connections.add([member.peer, said.from].sort().join());
    }
  }

  #trickle(member: Member, to: string, offerId: string): void {
    if (this.#texts.candidates !== undefined) this.#signal(member, "candidates", to, offerId);
  }

  #signal(member: Member, kind: "offer" | "answer" | "candidates", to: string, offerId: string): void {
    const text = this.#texts[kind] ?? "";
    this.#say(member, { kind, room, peer: member.peer, to, offerId, text });
  }

  #say(member: Member, message: Parameters<typeof formatClientMessage>[0]): void {
    const text = formatClientMessage(message);
    this.#count(text);
    member.socket.send(text);
  }

  #count(text: string): void {
    this.#messages++;
    this.#bytes += Buffer.byteLength(text);
    this.#lastHeardAt = performance.now();
  }

  #newOfferId(): string {
    return offerIdOf(this.#offerCount++);
  }

  /** Until nothing was said for a while: everything that follows from an announce has followed. */
  async #silence(): Promise<void> {
    while (performance.now() - this.#lastHeardAt < 12) await new Promise((again) => setTimeout(again, 4));
  }
}
