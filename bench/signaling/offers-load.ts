/**
 * Peers that announce with five offers each and answer every offer, as WebTorrent's clients do.
 *
 * Invariants
 *  1. An offer's number is in its id, so that its way can be followed: who sent it, when, and who got it.
 *  2. Nothing that arrives is parsed as JSON: the load must cost less than what it measures.
 *  3. An announce is over when its five answers are back, or after GIVE_UP_MS.
 *
 * Source: "Open versus closed: a cautionary tale", Schroeder et al., NSDI 2006 (why both paces are measured).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DeliveryRecord } from "./delivery-record.ts";
import type { OffersJob, OffersResult } from "./jobs.ts";
import { BatchingSocket, description, each, indexOf, nameOf } from "./peer-socket.ts";

const OFFERS = 5;
const GIVE_UP_MS = 3_000;
const PACE_MS = 4;
/** With more than this under way an open loop is over its head, and goes on no faster. */
const MOST_UNDER_WAY = 4_000;

export async function loadWithOffers(
  job: OffersJob,
  onPhase: (phase: "measuring" | "measured") => void,
): Promise<OffersResult> {
  const load = new OffersLoad(job);
  await load.connect();
  load.begin();
  await sleep(job.warmUpSeconds * 1_000);
  onPhase("measuring");
  load.measure();
  const begun = performance.now();
  await sleep(job.seconds * 1_000);
  const seconds = (performance.now() - begun) / 1_000;
  const result = load.measured(seconds);
  onPhase("measured");
  await load.drain();
  return { ...result, ...load.deliveries() };
}

interface Peer {
  readonly index: number;
  readonly socket: BatchingSocket;
  /** What comes before the offers of its announces, and before the rest of its answers. */
  readonly announceHead: string;
  readonly answerHead: string;
}

const offerHead = `{"offer":${JSON.stringify({ type: "offer", sdp: description("offer") })},"offer_id":"`;
const answerTail = `","answer":${JSON.stringify({ type: "answer", sdp: description("answer") })},"offer_id":"`;

class OffersLoad {
  readonly #job: OffersJob;
  readonly #peers: Peer[] = [];
  readonly #offers: DeliveryRecord;
  readonly #answers: DeliveryRecord;
  /** Answers that are still to come, by announce; 0 when it is over. */
  readonly #missing: number[] = [];
  readonly #begunAt: number[] = [];
  #underWay = 0;
  #oldest = 0;
  #completed = 0;
  #failures = 0;
  #isStopped = false;

  constructor(job: OffersJob) {
    this.#job = job;
    const mayReach = (from: number, to: number) =>
      from !== to && Math.floor(from / job.peersPerSwarm) === Math.floor(to / job.peersPerSwarm);
    const isAcross = (from: number, to: number) => from % job.urls.length !== to % job.urls.length;
    this.#offers = new DeliveryRecord(mayReach, isAcross);
    this.#answers = new DeliveryRecord(mayReach, isAcross);
  }

  async connect(): Promise<void> {
    const { swarms, peersPerSwarm, urls } = this.#job;
    await each(swarms * peersPerSwarm, 50, async (index) => {
      const url = urls[index % urls.length] ?? "";
      const socket = await BatchingSocket.open(url, (text) => this.#onText(index, text));
      const names = `"info_hash":"${nameOf("room", Math.floor(index / peersPerSwarm))}","peer_id":"${nameOf("peer", index)}"`;
      const peer: Peer = {
        index,
        socket,
        announceHead: `{"action":"announce",${names},"numwant":${OFFERS},"uploaded":0,"downloaded":0,"left":1000,"offers":[`,
        answerHead: `{"action":"announce",${names},"to_peer_id":"`,
      };
      this.#peers[index] = peer;
      // Everybody is there before anybody offers.
      socket.send(`${peer.announceHead}]}`);
    });
  }

  begin(): void {
    const { pace } = this.#job;
    if ("underWay" in pace) {
      for (let i = 0; i < pace.underWay; i++) this.#announce();
      this.#every(100, () => this.#giveUp());
      return;
    }
    const begunAt = performance.now();
    this.#every(PACE_MS, () => {
      this.#giveUp();
      const due = ((performance.now() - begunAt) / 1_000) * pace.perSecond;
      while (this.#missing.length < due && this.#underWay < MOST_UNDER_WAY) this.#announce();
    });
  }

  measure(): void {
    this.#completed = 0;
    this.#offers.latenciesMs.length = 0;
    this.#answers.latenciesMs.length = 0;
  }

  measured(seconds: number): Pick<OffersResult, "announcesPerSecond" | "relayP50Ms" | "relayP99Ms"> {
    const latencies = Float64Array.from([...this.#offers.latenciesMs, ...this.#answers.latenciesMs]).sort();
    const quantile = (part: number) => latencies[Math.floor(part * (latencies.length - 1))] ?? Number.NaN;
    return {
      announcesPerSecond: this.#completed / seconds,
      relayP50Ms: quantile(0.5),
      relayP99Ms: quantile(0.99),
    };
  }

  /** Begins nothing more, and waits for what is under way. */
  async drain(): Promise<void> {
    this.#isStopped = true;
    const end = performance.now() + GIVE_UP_MS;
    while (this.#underWay > 0 && performance.now() < end) await sleep(20);
  }

  deliveries(): Pick<OffersResult, "failures" | "offers" | "answers"> {
    return { failures: this.#failures, offers: this.#offers.summary(), answers: this.#answers.summary() };
  }

  #every(periodMs: number, act: () => void): void {
    const timer = setInterval(() => {
      if (this.#isStopped) clearInterval(timer);
      else act();
    }, periodMs);
  }

  #announce(): void {
    const number = this.#missing.length;
    const peer = this.#peers[number % this.#peers.length];
    if (peer === undefined || this.#isStopped) return;
    const now = performance.now();
    this.#missing.push(OFFERS);
    this.#begunAt.push(now);
    this.#underWay++;
    const offers = Array.from({ length: OFFERS }, (_, i) => {
      this.#offers.sent(number * OFFERS + i, peer.index, now);
      return `${offerHead}${nameOf("offr", number * OFFERS + i)}"}`;
    });
    peer.socket.send(`${peer.announceHead}${offers.join(",")}]}`);
  }

  #onText(index: number, text: string): void {
    const peer = this.#peers[index];
    if (peer === undefined) return;
    if (text.includes('"offer":')) this.#onOffer(peer, text);
    else if (text.includes('"answer":')) this.#onAnswer(peer, text);
    else if (text.includes('"failure reason"')) this.#failures++;
  }

  #onOffer(peer: Peer, text: string): void {
    const number = indexOf(field(text, '"offer_id":"'));
    const now = performance.now();
    this.#offers.arrived(number, peer.index, now);
    this.#answers.sent(number, peer.index, now);
    const id = nameOf("offr", number);
    peer.socket.send(`${peer.answerHead}${field(text, '"peer_id":"')}${answerTail}${id}"}`);
  }

  #onAnswer(peer: Peer, text: string): void {
    const number = indexOf(field(text, '"offer_id":"'));
    this.#answers.arrived(number, peer.index, performance.now(), this.#offers.senderOf(number));
    const announce = Math.floor(number / OFFERS);
    const missing = (this.#missing[announce] ?? 0) - 1;
    if (missing < 0) return;
    this.#missing[announce] = missing;
    if (missing === 0) {
      this.#completed++;
      this.#onOver();
    }
  }

  #onOver(): void {
    this.#underWay--;
    if ("underWay" in this.#job.pace) this.#announce();
  }

  #giveUp(): void {
    const before = performance.now() - GIVE_UP_MS;
    for (; (this.#begunAt[this.#oldest] ?? Number.POSITIVE_INFINITY) < before; this.#oldest++) {
      if (this.#missing[this.#oldest] === 0) continue;
      this.#missing[this.#oldest] = 0;
      this.#onOver();
    }
  }
}

/** The name of 20 characters behind `key`. */
function field(text: string, key: string): string {
  const at = text.indexOf(key) + key.length;
  return text.slice(at, at + 20);
}
