import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChokeChanges, Choker, type ChokerPeer } from "./choker.ts";
import { RECHOKE_INTERVAL_MS } from "./limits.ts";
import { Random } from "./random.ts";
import { type LinkId, linkId, millis } from "./units.ts";

interface TestPeer {
  interested: boolean;
  unchokedAt: number | undefined;
  /** Bytes per second that it gives, and takes while it is unchoked and interested. */
  gives: number;
  takes: number;
  ratio: number;
  owes: boolean;
  isMidway: boolean;
}

const newcomer: TestPeer = {
  interested: true,
  unchokedAt: undefined,
  gives: 0,
  takes: 0,
  ratio: 1,
  owes: false,
  isMidway: false,
};

/** Peers named by letters, driven by a choker as a swarm drives it. */
class World {
  readonly peers = new Map<string, TestPeer>();
  readonly choker: Choker;
  seeding = false;
  now = 0;
  /** Messages to each peer since the round began. */
  changes = new Map<string, number>();

  constructor(slots: number, seed = 1) {
    this.choker = new Choker(new Random(seed), slots);
  }

  /** A peer comes, interested unless said otherwise. */
  join(name: string, peer: Partial<TestPeer> = {}): this {
    this.peers.set(name, { ...newcomer, ...peer });
    return this.fill();
  }

  leave(name: string): this {
    this.peers.delete(name);
    return this.fill();
  }

  set(name: string, change: Partial<TestPeer>): this {
    Object.assign(this.peer(name), change);
    if (change.interested) this.fill();
    return this;
  }

  /** Rounds begin every 10 s; `count` of them pass. */
  rounds(count = 1): this {
    for (let round = 0; round < count; round++) {
      this.now = (Math.floor(this.now / RECHOKE_INTERVAL_MS) + 1) * RECHOKE_INTERVAL_MS;
      this.changes.clear();
      this.#apply(this.choker.rechoke(this.#records(), this.seeding, millis(this.now)));
    }
    return this;
  }

  after(ms: number): this {
    this.now += ms;
    return this;
  }

  fill(): this {
    this.#apply(this.choker.fill(this.#records(), this.seeding));
    return this;
  }

  /** Every peer by name: a capital is unchoked, brackets mean not interested. */
  get picture(): string {
    const show = ([name, { unchokedAt, interested }]: [string, TestPeer]) => {
      const letter = unchokedAt === undefined ? name : name.toUpperCase();
      return interested ? letter : `(${letter})`;
    };
    return [...this.peers].map(show).join(" ");
  }

  get unchoked(): string[] {
    return [...this.peers].filter(([, peer]) => peer.unchokedAt !== undefined).map(([name]) => name);
  }

  peer(name: string): TestPeer {
    const peer = this.peers.get(name);
    if (peer === undefined) throw new Error(`nobody is called ${name}`);
    return peer;
  }

  #records(): ChokerPeer[] {
    return Array.from(this.peers, ([name, peer]) => ({
      link: link(name),
      interested: peer.interested,
      unchokedAt: peer.unchokedAt === undefined ? undefined : millis(peer.unchokedAt),
      receivedRate: peer.gives,
      sentRate: peer.interested && peer.unchokedAt !== undefined ? peer.takes : 0,
      ratio: peer.ratio,
      owes: peer.owes,
      isMidway: peer.isMidway,
    }));
  }

  #apply(changes: ChokeChanges): void {
    for (const [name, peer] of this.peers) {
      const choke = changes.choke.includes(link(name));
      const unchoke = changes.unchoke.includes(link(name));
      if (!choke && !unchoke) continue;
      expect(choke, "only who is unchoked is choked, and the other way round").toBe(
        peer.unchokedAt !== undefined,
      );
      peer.unchokedAt = unchoke ? this.now : undefined;
      this.changes.set(name, (this.changes.get(name) ?? 0) + 1);
    }
  }
}

const names = "abcdefghijklmnopqrstuvwxyz";

function link(name: string): LinkId {
  return linkId(names.indexOf(name));
}

describe("a free slot", () => {
  test("goes to an interested peer at once", () => {
    const world = new World(4).join("a").join("b").join("c", { interested: false });
    expect(world.picture).toBe("A B (c)");
    expect(world.set("c", { interested: true }).picture).toBe("A B C");
  });

  test("is not there while all are taken", () => {
    const world = new World(2).join("a").join("b").join("c");
    expect(world.picture).toBe("A B c");
  });

  test("goes to the next when a link closes", () => {
    const world = new World(2).join("a").join("b").join("c").leave("a");
    expect(world.picture).toBe("B C");
  });

  test("goes to who gives most, before who only waits", () => {
    const world = new World(1)
      .join("a")
      .join("b")
      .join("c", { gives: 10 })
      .join("d", { gives: 20 })
      .leave("a");
    expect(world.picture).toBe("b c D");
  });

  test("[BEP 3] of a peer that lost interest is free at once, and that peer choked at the next round", () => {
    const world = new World(2).join("a").join("b").rounds().set("a", { interested: false }).join("c");
    expect(world.picture).toBe("(A) B C");
    expect(world.rounds().picture).toBe("(a) B C");
  });

  test("of a peer unchoked in this round is kept for it, as it could not be choked if it came back", () => {
    const world = new World(2).join("a").join("b").set("a", { interested: false }).join("c");
    expect(world.picture).toBe("(A) B c");
    expect(world.rounds().picture).toBe("(a) B C");
  });

  test("does not go to a peer choked in the same round", () => {
    const world = new World(2).join("a").join("b").join("c", { gives: 5 });
    expect(world.rounds().picture).toBe("A b C");
    expect(world.leave("c").picture).toBe("A b");
    expect(world.rounds().picture).toBe("A B");
  });
});

describe("while downloading", () => {
  test("[BEP 3] three of four slots go to those who give most, the fourth is optimistic", () => {
    const world = new World(4);
    for (const [at, name] of [..."abcdefgh"].entries()) world.join(name, { gives: 10 * at });
    world.rounds(4);
    expect(world.unchoked).toEqual(expect.arrayContaining(["f", "g", "h"]));
    expect(world.unchoked).toHaveLength(4);
  });

  test("a peer that gives more takes the slot of the one that gives least, at the round", () => {
    const world = new World(2).join("a", { gives: 10 }).join("b");
    world.join("c", { gives: 20 });
    expect(world.fill().picture).toBe("A B c");
    expect(world.rounds().picture).toBe("a B C");
  });

  test("equal givers are ranked by what they gave for what they took", () => {
    const world = new World(1).join("x");
    world.join("a", { gives: 10, ratio: 0.5 }).join("b", { gives: 10, ratio: 2 }).leave("x");
    expect(world.picture).toBe("a B");
  });

  test("[BEP 3] the optimistic slot moves every third round", () => {
    const world = new World(2).join("a", { gives: 10 }).join("b").join("c").join("d");
    const pictures = Array.from({ length: 9 }, () => world.rounds().picture);
    expect(pictures).toEqual([
      "A B c d",
      "A B c d",
      "A b C d",
      "A b C d",
      "A b C d",
      "A b c D",
      "A b c D",
      "A b c D",
      "A B c d",
    ]);
  });

  test("an optimistic turn goes on while nobody waits", () => {
    const world = new World(2).join("a").join("b");
    expect(world.rounds(30).picture).toBe("A B");
    expect(world.changes.size).toBe(0);
  });

  test("an optimistic peer that earns a slot leaves the optimistic one to the next", () => {
    const world = new World(2).join("a", { gives: 10 }).join("b").join("c").rounds();
    world.set("b", { gives: 20 });
    expect(world.rounds().picture).toBe("a B C");
  });

  test("[Cohen 2003 §3.4] slots that nobody earned are further optimistic ones", () => {
    const world = new World(3);
    for (const name of "abcdef") world.join(name);
    const seen = new Set<string>();
    for (let round = 0; round < 6; round++) for (const name of world.rounds().unchoked) seen.add(name);
    expect([...seen].sort()).toEqual([..."abcdef"]);
  });

  test("while several slots are optimistic each round tries others, and who gives by then stays", () => {
    const world = new World(3);
    for (const name of "abcdef") world.join(name);
    world.set("b", { gives: 10 });
    let before = world.unchoked;
    for (let round = 0; round < 4; round++) {
      const now = world.rounds().unchoked;
      expect(now).toHaveLength(3);
      expect(now.filter((name) => before.includes(name))).toEqual(["b"]);
      before = now;
    }
  });

  test("who took and gave nothing waits until those who did not have had a turn", () => {
    const world = new World(1).join("x").join("a").join("b").join("c").join("d");
    world.set("a", { owes: true }).set("c", { owes: true }).leave("x");
    const turns = [world.unchoked, ...Array.from({ length: 9 }, () => world.rounds().unchoked)];
    expect(new Set(turns.slice(0, 6).flat())).toEqual(new Set(["b", "d"]));
  });

  test("who took and gave nothing makes room at the round for one who did not", () => {
    const world = new World(1).join("a").join("b").rounds();
    expect(world.set("a", { owes: true }).rounds().picture).toBe("a B");
  });

  test("among those who all took and gave nothing the optimistic slot goes round", () => {
    const world = new World(1);
    for (const name of "abcd") world.join(name, { owes: true });
    const turns = Array.from({ length: 12 }, () => world.rounds().unchoked).flat();
    for (const name of "abcd") expect(turns.filter((one) => one === name)).toHaveLength(3);
  });

  test("[BEP 3] a newcomer is three times as likely to come first in line as anywhere else", () => {
    const peers = [..."abcd"].map((name): ChokerPeer => {
      const { interested, ratio, owes } = newcomer;
      const rates = { receivedRate: 0, sentRate: 0 };
      return {
        link: link(name),
        interested,
        unchokedAt: undefined,
        ...rates,
        ratio,
        owes,
        isMidway: false,
      };
    });
    const places = [0, 0, 0, 0];
    for (let seed = 0; seed < 3000; seed++) {
      const choker = new Choker(new Random(seed), 0);
      choker.fill(peers.slice(0, 3), false);
      choker.fill(peers, false);
      choker.slots = 4;
      const place = choker.fill(peers, false).unchoke.indexOf(link("d"));
      places[place] = (places[place] ?? 0) + 1;
    }
    // Of 3000, half come first and a sixth in each other place; 100 are more than three standard deviations.
    for (const [place, expected] of [1500, 500, 500, 500].entries()) {
      expect(Math.abs((places[place] ?? 0) - expected), `place ${place}`).toBeLessThan(100);
    }
  });
});

describe("a peer that is not interested", () => {
  test("is never unchoked", () => {
    const world = new World(4).join("a", { interested: false, gives: 100 });
    expect(world.rounds(5).picture).toBe("(a)");
  });

  test("[Cohen 2003 §3.2] stays unchoked without a slot while it gives more than the weakest that earned one", () => {
    const world = new World(2).join("a", { gives: 50 }).join("b").rounds();
    world.join("c", { gives: 20 }).set("a", { interested: false });
    expect(world.rounds().picture).toBe("(A) B C");
    world.set("a", { gives: 10 });
    expect(world.rounds().picture).toBe("(a) B C");
  });

  test("stays unchoked while slots are left over, and has one again at once", () => {
    const world = new World(2).join("a").join("b").set("a", { interested: false });
    expect(world.rounds(3).picture).toBe("(A) B");
    expect(world.set("a", { interested: true }).picture).toBe("A B");
  });

  test("[BEP 3] takes the slot of the weakest that earned one when it becomes interested", () => {
    const world = new World(3).join("a", { gives: 50 }).join("b").join("c", { gives: 30 }).rounds();
    world.set("a", { interested: false }).join("d", { gives: 20 });
    expect(world.rounds().picture).toBe("(A) B C D");
    expect(world.rounds().set("a", { interested: true }).picture).toBe("A B C d");
  });

  test("is choked when it becomes interested and nobody earned less", () => {
    const world = new World(2).join("a").join("b").set("a", { interested: false });
    world.rounds().join("c");
    expect(world.picture).toBe("(A) B C");
    expect(world.set("a", { interested: true }).picture).toBe("a B C");
  });
});

test("no peer loses the slot that it was given in the same round", () => {
  const world = new World(2).join("a", { gives: 50 }).set("a", { interested: false }).rounds();
  world.join("b", { gives: 10 }).join("c", { gives: 10 });
  expect(world.picture).toBe("(A) B C");
  expect(world.set("a", { interested: true }).picture).toBe("a B C");
});

describe("while seeding", () => {
  function seedingWorld(slots: number, peers: string): World {
    const world = new World(slots);
    world.seeding = true;
    for (const name of peers) world.join(name);
    return world;
  }

  test("[Legout 2006] two rounds bring a newcomer for the one unchoked first, the third brings none", () => {
    const world = seedingWorld(2, "abcd");
    const newcomers = Array.from({ length: 9 }, () => {
      const before = world.unchoked;
      return world.rounds().unchoked.filter((name) => !before.includes(name)).length;
    });
    expect(newcomers).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0]);
  });

  test("of those unchoked together, the one that takes least makes room", () => {
    const world = new World(3);
    world.seeding = true;
    world.join("a", { takes: 30 }).join("b", { takes: 10 }).join("c", { takes: 20 }).join("d");
    expect(world.rounds().picture).toBe("A b C D");
  });

  test("[BEP 16] the one that is midway in a piece that nobody else has finishes it, and then makes room", () => {
    const world = new World(3);
    world.seeding = true;
    world
      .join("a", { takes: 30 })
      .join("b", { takes: 10, isMidway: true })
      .join("c", { takes: 20 })
      .join("d");
    expect(world.rounds().picture).toBe("A B c D");
    world.set("b", { isMidway: false });
    world.set("c", { isMidway: true });
    expect(world.rounds().picture).toBe("A b C D");
  });

  test("[BEP 16] while all are midway nobody makes room", () => {
    const world = new World(2);
    world.seeding = true;
    world.join("a", { isMidway: true }).join("b", { isMidway: true }).join("c");
    expect(world.rounds().picture).toBe("A B c");
  });

  test("nobody makes room while nobody waits", () => {
    const world = seedingWorld(4, "abcd");
    expect(world.rounds(12).picture).toBe("A B C D");
  });

  test("nobody starves: each of many is served as long as any other, but for one turn", () => {
    const world = seedingWorld(4, "abcdefghijklmnopqrst");
    const rounds = new Map([...world.peers.keys()].map((name) => [name, 0]));
    for (let round = 0; round < 600; round++) {
      for (const name of world.rounds().unchoked) rounds.set(name, (rounds.get(name) ?? 0) + 1);
    }
    const served = [...rounds.values()];
    expect(Math.min(...served)).toBeGreaterThan(600 * (4 / 20) - 8);
    expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(8);
  });
});

test("[Cohen 2003 §3.3] over 1,800 s each of 20 idle peers has the one slot for 90 s, give or take one turn", () => {
  const world = new World(1);
  for (const name of names.slice(0, 20)) world.join(name);
  const seconds = new Map([...world.peers.keys()].map((name) => [name, 0]));
  for (let round = 0; round < 180; round++) {
    for (const name of world.unchoked) seconds.set(name, (seconds.get(name) ?? 0) + 10);
    world.rounds();
  }
  for (const [name, total] of seconds) expect(Math.abs(total - 90), name).toBeLessThanOrEqual(30);
});

describe("slots are a setting", () => {
  test("fewer take effect at the next round, none chokes all", () => {
    const world = new World(4).join("a").join("b").join("c");
    world.choker.slots = 1;
    expect(world.rounds().unchoked).toHaveLength(1);
    world.choker.slots = 0;
    expect(world.rounds().unchoked).toHaveLength(0);
  });

  test("Infinity unchokes whoever is interested", () => {
    const world = new World(Infinity);
    for (const name of names) world.join(name);
    expect(world.rounds(3).unchoked).toHaveLength(26);
  });
});

type Event = { type: "round" | "finish" } | { type: "join"; name: string } | ChangeEvent;
interface ChangeEvent {
  type: "leave" | "change";
  name: string;
  change: Partial<TestPeer>;
}

const name = fc.constantFrom(...names.slice(0, 9));
const change = fc.constantFrom<Partial<TestPeer>>(
  { interested: true },
  { interested: true },
  { interested: false },
  { owes: true },
  { owes: false },
  ...[0, 0, 1, 5, 10, 50].map((gives) => ({ gives })),
);
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constantFrom("round", "round", "round", "finish") }),
  fc.record({ type: fc.constant("join"), name }),
  fc.record({ type: fc.constantFrom("leave", "change", "change", "change"), name, change }),
);

function happen(world: World, event: Event): void {
  switch (event.type) {
    case "round":
      world.rounds();
      return;
    case "finish":
      world.seeding = true;
      return;
    case "join":
      if (!world.peers.has(event.name)) world.join(event.name);
      return;
    case "change":
      if (world.peers.has(event.name)) world.set(event.name, event.change);
      return;
    case "leave":
      world.changes.delete(event.name);
      world.leave(event.name);
      return;
  }
}

describe("whatever happens", () => {
  const script = fc.array(event, { minLength: 20, maxLength: 120 });
  const slots = fc.constantFrom(1, 2, 4);

  function holds(property: (world: World) => void): void {
    fc.assert(
      fc.property(slots, fc.nat(), script, (count, seed, events) => {
        const world = new World(count, seed);
        for (const each of events) {
          happen(world.after(100), each);
          property(world);
        }
      }),
    );
  }

  test("never are more interested peers unchoked than there are slots", () => {
    holds((world) => {
      const served = world.unchoked.filter((each) => world.peer(each).interested);
      expect(served.length).toBeLessThanOrEqual(world.choker.slots);
    });
  });

  test("no fibrillation: nobody is choked or unchoked twice in a round", () => {
    holds((world) => {
      for (const [each, count] of world.changes) expect(count, each).toBeLessThanOrEqual(1);
    });
  });

  test("after a round no slot is free while an interested peer waits", () => {
    holds((world) => {
      world.rounds();
      const interested = [...world.peers.values()].filter((peer) => peer.interested);
      const served = interested.filter((peer) => peer.unchokedAt !== undefined);
      expect(served.length).toBe(Math.min(world.choker.slots, interested.length));
    });
  });

  test("the same seed decides the same", () => {
    fc.assert(
      fc.property(fc.nat(), script, (seed, events) => {
        const [one, two] = [new World(3, seed), new World(3, seed)];
        for (const each of events) {
          happen(one, each);
          happen(two, each);
          expect(two.picture).toBe(one.picture);
        }
      }),
    );
  });
});
