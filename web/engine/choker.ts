/**
 * Decides whom we upload to.
 *
 * While downloading, the peers that give us most (20 s average) earn all slots but one; the rest of the slots
 * are optimistic: whoever waits longest has one for a while, to show what it can give. A peer that gives nothing can only
 * have an optimistic one, and one that owes us or snubs us waits for it behind all others. While seeding, the peers
 * unchoked last keep their slots and in two of three rounds the one unchoked first makes room for the one that waits
 * longest, so that all are served alike; who is midway in a piece that nobody else has (super-seeding) finishes it
 * first. Between rounds a free slot goes to an interested peer at once.
 *
 * Invariants
 *  1. At most `slots` peers that are interested are unchoked.
 *  2. Nobody is choked or unchoked more than once from one round until just before the next (no fibrillation).
 *  3. A peer that loses interest leaves its slot to who waits, but not in the round in which it was unchoked, so
 *     that it need not be choked when it comes back. It stays unchoked until the next round; then while slots
 *     are left over or while it gives more than the weakest peer that earned one.
 *  4. While somebody waits, an optimistic turn ends after OPTIMISTIC_ROUNDS rounds, and after one while more than one
 *     slot is optimistic: those who give are found sooner where most do not. So does the turn of who owes while
 *     somebody waits who does not.
 *
 * Source: BEP 3; Cohen 2003 §3 (rounds, optimistic unchoke, anti-snubbing); Legout 2006 (the seed's turns,
 * there with a random newcomer, here with the next in line, so that luck starves nobody).
 */
import { NEWCOMER_WEIGHT, OPTIMISTIC_ROUNDS, RECHOKE_INTERVAL_MS, UPLOAD_SLOTS } from "./limits.ts";
import type { Random } from "./random.ts";
import type { LinkId, Millis } from "./units.ts";

/** What the choker reads of a peer. */
export interface ChokerPeer {
  readonly link: LinkId;
  /** The peer wants something that we have. */
  readonly interested: boolean;
  /** When we unchoked it; undefined while it is choked. */
  readonly unchokedAt: Millis | undefined;
  /** Bytes per second from the peer, averaged over RATE_WINDOW_MS. */
  readonly receivedRate: number;
  /** Bytes per second to the peer, averaged likewise. */
  readonly sentRate: number;
  /** What it gave us for what it took; breaks ties. */
  readonly ratio: number;
  /** It took more than it gave, or let our requests lie for SNUBBED_AFTER_MS, although it has what we want. */
  readonly owes: boolean;
  /** It is being sent a piece that nobody else has, which is lost for the others if it is choked now. */
  readonly isMidway: boolean;
}

/** What changes: the caller sends the messages and remembers who is unchoked since when. */
export interface ChokeChanges {
  readonly choke: readonly LinkId[];
  readonly unchoke: readonly LinkId[];
}

export class Choker {
  /** Upload slots, the optimistic one included; fewer take effect at the next round. May be Infinity. */
  slots: number;
  readonly #random: Random;
  #round = 0;
  /** Choked peers, the next to have a turn first. */
  #waiting: LinkId[] = [];
  /** Unchoked because it gives. */
  #earned = new Set<LinkId>();
  /** Unchoked without having earned it. */
  #optimistic = new Set<LinkId>();
  /** Unchoked without a slot (invariant 3). */
  #slotless = new Set<LinkId>();
  /** Choked or unchoked since the round began (invariant 2). */
  #changed = new Set<LinkId>();

  constructor(random: Random, slots: number = UPLOAD_SLOTS) {
    this.#random = random;
    this.slots = slots;
  }

  /** Who has a slot for what it gives; nobody has while we want nothing. */
  get earned(): ReadonlySet<LinkId> {
    return this.#earned;
  }

  /** Begins a round: to be called every RECHOKE_INTERVAL_MS with all peers. `seeding`: we want nothing. */
  rechoke(peers: readonly ChokerPeer[], seeding: boolean, now: Millis): ChokeChanges {
    this.#round++;
    const waiting = this.#inLine(peers);
    const holders = peers.filter((peer) => peer.interested && peer.unchokedAt !== undefined);
    const earners = seeding ? [] : strongest(peers).slice(0, Math.max(0, this.slots - 1));
    const order = seeding
      ? this.#seedOrder(holders, waiting)
      : [...earners, ...this.#leechOrder(holders, waiting, now)];
    const chosen = new Set([...new Set(order)].slice(0, this.slots));
    const slotless = this.#keptWithoutSlot(peers, earners, this.slots - chosen.size, seeding);

    const stays = (peer: ChokerPeer) => chosen.has(peer) || slotless.has(peer);
    const choke = peers.filter((peer) => peer.unchokedAt !== undefined && !stays(peer));
    const unchoke = [...chosen].filter((peer) => peer.unchokedAt === undefined);
    this.#slotless = links(slotless);
    this.#earned = links(earners);
    this.#optimistic = links([...chosen].filter((peer) => !earners.includes(peer)));
    this.#changed.clear();
    return this.#change(choke, unchoke);
  }

  /**
   * Gives free slots to who waits: to be called between rounds when a peer became interested or ceased to be, or a
   * link closed. A peer that was kept unchoked without a slot and becomes interested takes the slot of the weakest peer
   * that earned less, else it is choked (BEP 3).
   */
  fill(peers: readonly ChokerPeer[], seeding: boolean): ChokeChanges {
    const waiting = this.#inLine(peers).filter((peer) => !this.#changed.has(peer.link));
    const unchoked = peers.filter((peer) => peer.unchokedAt !== undefined);
    const keeps = ({ link, interested }: ChokerPeer) =>
      !this.#slotless.has(link) && (interested || this.#changed.has(link));
    const holders = new Set(unchoked.filter(keeps));
    this.#slotless = links(unchoked.filter((peer) => !holders.has(peer)));
    const choke: ChokerPeer[] = [];
    for (const peer of peers) {
      if (!peer.interested || !this.#slotless.delete(peer.link)) continue;
      holders.add(peer);
      if (holders.size <= this.slots) continue;
      const loser = this.#weakerThan(peer, holders) ?? peer;
      holders.delete(loser);
      choke.push(loser);
    }
    const earners = seeding ? [] : strongest(waiting);
    const unchoke = [...new Set([...earners, ...waiting])].slice(0, Math.max(0, this.slots - holders.size));
    for (const peer of unchoke) (earners.includes(peer) ? this.#earned : this.#optimistic).add(peer.link);
    return this.#change(choke, unchoke);
  }

  /**
   * The interested peers that are choked, the next to have a turn first. A newcomer joins the line in a random
   * place and is NEWCOMER_WEIGHT times as likely to come first as to come anywhere else (BEP 3). Who owes comes after
   * who does not: among many that only take, those who would give are found sooner.
   */
  #inLine(peers: readonly ChokerPeer[]): ChokerPeer[] {
    const choked = new Map<LinkId, ChokerPeer>();
    for (const peer of peers) if (peer.unchokedAt === undefined) choked.set(peer.link, peer);
    this.#waiting = this.#waiting.filter((link) => choked.has(link));
    const known = new Set(this.#waiting);
    for (const link of choked.keys()) {
      if (known.has(link)) continue;
      const place = this.#random.below(this.#waiting.length + NEWCOMER_WEIGHT) - (NEWCOMER_WEIGHT - 1);
      this.#waiting.splice(Math.max(0, place), 0, link);
    }
    const line = this.#waiting.flatMap((link) => choked.get(link) ?? []).filter((peer) => peer.interested);
    return line.sort((a, b) => Number(a.owes) - Number(b.owes));
  }

  /** Who has the slots that nobody earned: optimistic turns go on, then come new ones, then the rest. */
  #leechOrder(holders: readonly ChokerPeer[], waiting: readonly ChokerPeer[], now: Millis): ChokerPeer[] {
    const turn = this.#optimistic.size > 1 ? 1 : OPTIMISTIC_ROUNDS;
    const isOver = (peer: ChokerPeer) => peer.owes && waiting[0]?.owes === false;
    const isInTurn = (peer: ChokerPeer) =>
      this.#optimistic.has(peer.link) && roundsUnchoked(peer, now) < turn && !isOver(peer);
    const inTurn = holders.filter(isInTurn).sort(byLastUnchoke);
    const overdue = holders.filter((peer) => !isInTurn(peer)).sort(byLastUnchoke);
    return [...inTurn, ...waiting, ...overdue];
  }

  /** Legout 2006: two rounds with a newcomer, then one without. */
  #seedOrder(holders: readonly ChokerPeer[], waiting: readonly ChokerPeer[]): ChokerPeer[] {
    const newcomers = this.#round % 3 === 0 ? 0 : 1;
    const served = [...holders].sort(
      (a, b) => Number(b.isMidway) - Number(a.isMidway) || byLastUnchoke(a, b),
    );
    const midway = served.filter((peer) => peer.isMidway).length;
    const kept = Math.max(midway, this.slots - newcomers);
    return [...served.slice(0, kept), ...waiting, ...served.slice(kept)];
  }

  #keptWithoutSlot(
    peers: readonly ChokerPeer[],
    earners: readonly ChokerPeer[],
    spareSlots: number,
    seeding: boolean,
  ): Set<ChokerPeer> {
    const isEarnedSlotFree = !seeding && earners.length < this.slots - 1;
    const weakestRate = isEarnedSlotFree ? 0 : (earners.at(-1)?.receivedRate ?? Infinity);
    const kept = new Set<ChokerPeer>();
    let spare = spareSlots;
    for (const peer of peers) {
      if (peer.interested || peer.unchokedAt === undefined) continue;
      if (peer.receivedRate > weakestRate || spare-- > 0) kept.add(peer);
    }
    return kept;
  }

  /** Whose slot `peer` takes: the weakest that earned one, else an optimistic one; never one changed this round. */
  #weakerThan(peer: ChokerPeer, holders: ReadonlySet<ChokerPeer>): ChokerPeer | undefined {
    return [...holders]
      .filter((other) => other.receivedRate < peer.receivedRate && !this.#changed.has(other.link))
      .sort((a, b) => this.#optimism(a) - this.#optimism(b) || a.receivedRate - b.receivedRate)[0];
  }

  #optimism(peer: ChokerPeer): number {
    return Number(this.#optimistic.has(peer.link));
  }

  #change(choke: readonly ChokerPeer[], unchoke: readonly ChokerPeer[]): ChokeChanges {
    const changes = { choke: choke.map((peer) => peer.link), unchoke: unchoke.map((peer) => peer.link) };
    this.#waiting.push(...changes.choke);
    this.#waiting = this.#waiting.filter((link) => !changes.unchoke.includes(link));
    for (const link of [...changes.choke, ...changes.unchoke]) this.#changed.add(link);
    return changes;
  }
}

/** Peers that have earned a slot, who gives most first (Cohen 2003 §3.2). */
function strongest(peers: readonly ChokerPeer[]): ChokerPeer[] {
  return peers
    .filter((peer) => peer.interested && peer.receivedRate > 0)
    .sort((a, b) => b.receivedRate - a.receivedRate || b.ratio - a.ratio || a.link - b.link);
}

/** Unchoked last first; of those unchoked together, the one that takes most per second first. */
function byLastUnchoke(a: ChokerPeer, b: ChokerPeer): number {
  return (b.unchokedAt ?? 0) - (a.unchokedAt ?? 0) || b.sentRate - a.sentRate;
}

/** Rounds since it was unchoked, to the nearest, so that a timer that fires a little early changes nothing. */
function roundsUnchoked(peer: ChokerPeer, now: Millis): number {
  return Math.round((now - (peer.unchokedAt ?? now)) / RECHOKE_INTERVAL_MS);
}

function links(peers: Iterable<ChokerPeer>): Set<LinkId> {
  return new Set(Array.from(peers, (peer) => peer.link));
}
