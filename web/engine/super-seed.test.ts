import { expect, test } from "vitest";
import { Bitfield } from "./bitfield.ts";
import { SUPER_SEED_KEPT_MS, SUPER_SEED_WINDOW } from "./limits.ts";
import { Random } from "./random.ts";
import { type Showing, SuperSeed, type SuperSeedPeer } from "./super-seed.ts";
import { linkId, millis, type PieceIndex } from "./units.ts";

const PIECES = 6;

/** A fresh share and the leechers that it shows pieces to. */
class Share {
  readonly superSeed = new SuperSeed(PIECES, new Random(1));
  /** Links that wait for a slot and understand BEP 54. */
  readonly waiting = new Set<number>();
  now = millis(0);
  readonly #have = new Map<number, Bitfield>();

  show(link: number, peer: Partial<SuperSeedPeer> = {}): Showing {
    const have = this.#haveOf(link);
    const view = {
      copies: (piece: PieceIndex) => [...this.#have.values()].filter((each) => each.has(piece)).length,
      isIdle: false,
      canTakeBackFrom: (other: number) => this.waiting.has(other),
    };
    const leecher = { link: linkId(link), have, isUnchoked: true, isIgnoring: false, isTurnOver: false };
    return this.superSeed.next({ ...leecher, ...peer }, view, this.now);
  }

  /** The leecher waits for a slot: it is shown one piece. */
  showWaiting(link: number): PieceIndex {
    this.waiting.add(link);
    const { pieces } = this.show(link, { isUnchoked: false });
    expect(pieces).toHaveLength(1);
    return pieces[0] ?? (0 as PieceIndex);
  }

  deliver(link: number, piece: PieceIndex): void {
    this.#haveOf(link).set(piece);
    this.superSeed.onHave(linkId(link), piece, false, this.now);
  }

  #haveOf(link: number): Bitfield {
    const have = this.#have.get(link) ?? new Bitfield(PIECES);
    this.#have.set(link, have);
    return have;
  }
}

test("[BEP 16] every leecher is shown other pieces, and another one for each that it got", () => {
  const share = new Share();
  const first = share.show(1).pieces;
  const second = share.show(2).pieces;
  expect(first).toHaveLength(SUPER_SEED_WINDOW);
  expect(new Set([...first, ...second]).size).toBe(2 * SUPER_SEED_WINDOW);
  expect(share.show(1).pieces).toEqual([]);
  share.deliver(1, first[0] as PieceIndex);
  expect(share.show(1).pieces).toHaveLength(1);
});

test("a leecher whose turn is over finishes what it was shown, and is shown no more", () => {
  const share = new Share();
  const [piece] = share.show(1).pieces;
  share.deliver(1, piece as PieceIndex);
  expect(share.show(1, { isTurnOver: true }).pieces).toEqual([]);
});

/** Two wait with a piece each, two have slots and the four other pieces; link 3 is done with one of its own. */
function allShown(): { share: Share; kept: readonly PieceIndex[] } {
  const share = new Share();
  const kept = [share.showWaiting(1), share.showWaiting(2)];
  const [done] = share.show(3).pieces;
  expect(share.show(4)).toMatchObject({ pieces: { length: SUPER_SEED_WINDOW }, takenBack: [] });
  share.deliver(3, done as PieceIndex);
  return { share, kept };
}

test("what waits with a leecher without a slot goes to one that has one, once nothing else is left", () => {
  const { share, kept } = allShown();
  expect(share.show(3)).toEqual({ pieces: [kept[0]], takenBack: [{ link: 1, piece: kept[0] }] });
  expect(share.superSeed.isOwed(linkId(1))).toBe(false);
  expect(share.superSeed.isOwed(linkId(3))).toBe(true);
});

test("nothing is taken back from who has a slot or cannot be told, nor for who has none", () => {
  const { share, kept } = allShown();
  share.waiting.delete(1);
  expect(share.show(5, { isUnchoked: false })).toEqual({ pieces: [], takenBack: [] });
  expect(share.show(3)).toEqual({ pieces: [kept[1]], takenBack: [{ link: 2, piece: kept[1] }] });
  expect(share.superSeed.isOwed(linkId(1))).toBe(true);
});

test("pieces that were shown only to a leecher that left are shown to another", () => {
  const { share, kept } = allShown();
  share.waiting.clear();
  share.superSeed.onClosed(linkId(2));
  expect(share.show(3)).toEqual({ pieces: [kept[1]], takenBack: [] });
});

/** Links 3 and 4 have everything among them; nobody waits. */
function firstCopyOut(): { share: Share; given: readonly PieceIndex[] } {
  const share = new Share();
  const given: PieceIndex[] = [];
  for (let turn = 0; turn < PIECES; turn++) {
    for (const link of [3, 4]) {
      for (const piece of share.show(link).pieces) {
        given.push(piece);
        share.deliver(link, piece);
      }
    }
  }
  expect(given).toHaveLength(PIECES);
  return { share, given };
}

test("a piece that nobody passed on for long is given to another one, though its first copy is out", () => {
  const { share, given } = firstCopyOut();
  expect(share.show(5).pieces).toEqual([]);
  share.now = millis(SUPER_SEED_KEPT_MS);
  const { pieces } = share.show(5);
  expect(pieces).toHaveLength(SUPER_SEED_WINDOW);
  expect(given).toEqual(expect.arrayContaining([...pieces]));
});

test("a piece that was passed on in time is left to the leechers", () => {
  const { share, given } = firstCopyOut();
  for (const piece of given) share.deliver(6, piece);
  share.now = millis(SUPER_SEED_KEPT_MS);
  expect(share.superSeed.isFirstCopyOut).toBe(true);
  const { pieces } = share.show(5);
  expect(pieces.length).toBeLessThan(SUPER_SEED_WINDOW);
});

test("what only one had that left before passing it on is shown again", () => {
  const { share } = firstCopyOut();
  share.superSeed.onClosed(linkId(3));
  expect(share.superSeed.isFirstCopyOut).toBe(false);
  expect(share.show(5).pieces).toHaveLength(SUPER_SEED_WINDOW);
});
