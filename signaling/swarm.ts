/**
 * Who is in one swarm, and whom to introduce to whom.
 *
 * Invariants
 *  1. A peer is either among the seeds or among the leechers, never both, and listed once.
 *  2. A sample is uniform, without repetition, never contains the asker, and contains no seed for a seed.
 *  3. Adding, moving and removing take constant time; sampling takes time in proportion to what is asked for.
 */
/** A peer in a swarm. `complete` says seed; `Home` is where it can be reached. */
export interface Member<Home> {
  readonly peer: string;
  readonly home: Home;
  readonly complete: boolean;
  readonly extended: boolean;
}

/** A swarm as one peer sees it: itself is not in it. `members` is a uniform sample. */
export interface SwarmView<Home> {
  readonly complete: number;
  readonly incomplete: number;
  readonly members: readonly Member<Home>[];
}

/** Uniform in [0, 1). */
export type Random = () => number;

export class Swarm<Home, Listed extends Member<Home> = Member<Home>> {
  readonly #seeds = new SampledMembers<Listed>();
  readonly #leechers = new SampledMembers<Listed>();
  /** Peers that completed here (what a scrape calls downloaded). */
  downloaded = 0;

  get seedCount(): number {
    return this.#seeds.size;
  }

  get leecherCount(): number {
    return this.#leechers.size;
  }

  get size(): number {
    return this.seedCount + this.leecherCount;
  }

  get(peer: string): Listed | undefined {
    return this.#seeds.get(peer) ?? this.#leechers.get(peer);
  }

  all(): Iterable<Listed> {
    return [...this.#seeds.all(), ...this.#leechers.all()];
  }

  /** Adds `member`, or replaces who had its peer id. */
  put(member: Listed): void {
    const [role, other] = member.complete ? [this.#seeds, this.#leechers] : [this.#leechers, this.#seeds];
    other.delete(member.peer);
    role.put(member);
  }

  remove(peer: string): void {
    this.#seeds.delete(peer);
    this.#leechers.delete(peer);
  }

  /** The swarm as `asker` sees it, with up to `count` members for it to connect to. */
  viewFor(asker: Member<Home>, count: number, random: Random): SwarmView<Home> {
    return {
      complete: this.seedCount - (this.#seeds.get(asker.peer) === undefined ? 0 : 1),
      incomplete: this.leecherCount - (this.#leechers.get(asker.peer) === undefined ? 0 : 1),
      members: this.#sampleFor(asker, count, random),
    };
  }

  #sampleFor(asker: Member<Home>, count: number, random: Random): Member<Home>[] {
    const seeds = asker.complete ? 0 : this.seedCount;
    const drawn = distinctIndices(seeds + this.leecherCount, count + 1, random);
    return drawn
      .map((index) => (index < seeds ? this.#seeds.at(index) : this.#leechers.at(index - seeds)))
      .filter((member) => member !== undefined)
      .filter((member) => member.peer !== asker.peer)
      .slice(0, count);
  }
}

/** Up to `count` different indices below `size`, in random order (a Fisher–Yates shuffle of what is touched only). */
export function distinctIndices(size: number, count: number, random: Random): number[] {
  const moved = new Map<number, number>();
  const indices: number[] = [];
  for (let left = size; left > 0 && indices.length < count; left--) {
    const pick = Math.floor(random() * left);
    indices.push(moved.get(pick) ?? pick);
    moved.set(pick, moved.get(left - 1) ?? left - 1);
  }
  return indices;
}

/** Members by their peer ids, and by an index, in no order. */
class SampledMembers<Listed extends { readonly peer: string }> {
  readonly #members: Listed[] = [];
  readonly #indices = new Map<string, number>();

  get size(): number {
    return this.#members.length;
  }

  all(): Iterable<Listed> {
    return this.#members;
  }

  at(index: number): Listed | undefined {
    return this.#members[index];
  }

  get(peer: string): Listed | undefined {
    const index = this.#indices.get(peer);
    return index === undefined ? undefined : this.#members[index];
  }

  put(member: Listed): void {
    const index = this.#indices.get(member.peer);
    if (index === undefined) this.#indices.set(member.peer, this.#members.push(member) - 1);
    else this.#members[index] = member;
  }

  delete(peer: string): void {
    const index = this.#indices.get(peer);
    if (index === undefined) return;
    this.#indices.delete(peer);
    const last = this.#members.pop();
    if (last === undefined || last.peer === peer) return;
    this.#members[index] = last;
    this.#indices.set(last.peer, index);
  }
}
