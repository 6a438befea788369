/** What one pick costs, alone, in torrents of any size. */
import type { PickerPeer } from "../../web/engine/asking.ts";
import { Bitfield } from "../../web/engine/bitfield.ts";
import { Geometry } from "../../web/engine/geometry.ts";
import { BLOCK_BYTES } from "../../web/engine/limits.ts";
import { Picker } from "../../web/engine/picker.ts";
import { Random } from "../../web/engine/random.ts";
import { linkId, millis, type PeerId, type PieceIndex } from "../../web/engine/units.ts";
import { digests } from "../../web/sim/digests.ts";
import { singleFile } from "../../web/sim/synthetic-torrent.ts";
import { World } from "../../web/sim/world.ts";

/** Microseconds. */
export interface PickerCosts {
  readonly everything: number;
  readonly half: number;
  readonly ten: number;
  readonly nothingLeft: number;
  readonly snapshot: number;
}

const PICKS = 2000;
const BLOCKS = 4;
const SNAPSHOTS = 20;

export function pickerCosts(pieces: number): PickerCosts {
  return {
    everything: cost(pieces, () => true),
    half: cost(pieces, (piece) => piece % 2 === 0),
    ten: cost(pieces, isOneOfTen(pieces), 40),
    nothingLeft: costOfNothing(pieces),
    snapshot: snapshotCost(pieces),
  };
}

const isOneOfTen = (pieces: number) => (piece: number) => piece % (pieces / 10) === 7;

function pickerOf(pieces: number): Picker {
  const bytes = BLOCKS * BLOCK_BYTES;
  const random = new Random(1);
  const picker = new Picker(new Geometry(bytes, [pieces * bytes]), new Bitfield(pieces), random);
  for (let i = 0; i < pieces * 5; i++) picker.pieces.availability.onHave(random.below(pieces) as PieceIndex);
  // What the peer with ten pieces has is common: the look at the rarest does not find it.
  for (let piece = 0; piece < pieces; piece++) {
    if (!isOneOfTen(pieces)(piece)) continue;
    for (let copy = 0; copy < 40; copy++) picker.pieces.availability.onHave(piece as PieceIndex);
  }
  return picker;
}

function peerWith(pieces: number, has: (piece: number) => boolean): PickerPeer {
  const have = new Bitfield(pieces);
  for (let piece = 0; piece < pieces; piece++) if (has(piece)) have.set(piece);
  const peer = "1".repeat(40) as PeerId;
  const rates = {
    isFast: true,
    isAmongFastest: true,
    outstanding: 1,
    isStalled: false,
    givesUnshown: false,
  };
  return { link: linkId(1), peer, have, ...rates };
}

/** Picks block by block; every piece that is complete is stored, as in a download. */
function cost(pieces: number, has: (piece: number) => boolean, picks = PICKS): number {
  const picker = pickerOf(pieces);
  const peer = peerWith(pieces, has);
  const data = new Uint8Array(BLOCK_BYTES);
  let spentMs = 0;
  for (let i = 0; i < picks; i++) {
    const startedAt = performance.now();
    const [ref] = picker.pick(peer, 1, millis(0));
    spentMs += performance.now() - startedAt;
    if (ref === undefined) break;
    const outcome = picker.pieces.onBlock(ref.piece, ref.block, data, peer);
    if (outcome.type === "complete") picker.pieces.onStored(ref.piece);
  }
  return (spentMs * 1000) / picks;
}

/** A snapshot for the screen while two others have half of it each: nothing lets it stop early. */
function snapshotCost(pieces: number): number {
  const world = new World(singleFile(pieces, BLOCK_BYTES, digests.sha256), { seed: 1 });
  for (const rest of [0, 1]) {
    const holds = new Bitfield(pieces);
    for (let piece = rest; piece < pieces; piece += 2) holds.set(piece);
    world.join({ holds, isFreeRider: true });
  }
  const leecher = world.join({ holds: new Bitfield(pieces) });
  world.runFor(200);
  const startedAt = performance.now();
  for (let i = 0; i < SNAPSHOTS; i++) leecher.snapshot();
  return ((performance.now() - startedAt) * 1000) / SNAPSHOTS;
}

/** All that the peer has is asked for: every look finds nothing. */
function costOfNothing(pieces: number): number {
  const picker = pickerOf(pieces);
  const peer = peerWith(pieces, isOneOfTen(pieces));
  picker.pick(peer, 10 * BLOCKS, millis(0));
  const startedAt = performance.now();
  for (let i = 0; i < PICKS; i++) picker.pick(peer, 1, millis(0));
  return ((performance.now() - startedAt) * 1000) / PICKS;
}
