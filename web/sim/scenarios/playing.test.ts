import { expect } from "vitest";
import { BLOCK_BYTES, LINK_CREDIT_MS } from "../../engine/limits.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { Player } from "../player.ts";
import { SyntheticTorrent, singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

const PIECES = 120;
const PIECE_BYTES = 4 * BLOCK_BYTES;
/** Half of what the swarm can give to one who downloads alone. */
const film = { piecesPerSecond: 2, ahead: 12, end: PIECES };

/** One quick seed among slow ones: 300 kB/s in all for a film of 131 kB/s. */
function cinema(seed: number): World {
  const world = new World(singleFile(PIECES, PIECE_BYTES, sha256), { seed });
  world.join({ isSeed: true, upBytesPerSecond: 200_000 });
  for (let i = 0; i < 5; i++) world.join({ holds: "everything", upBytesPerSecond: 20_000 });
  return world;
}

scenario(
  "33: a film begins within four seconds, and hardly stops although the download is hardly faster",
  (seed) => {
    const world = cinema(seed);
    const player = new Player(world, world.join(), film);
    world.runFor(10_000);
    expect(player.waitedMs).toBeLessThanOrEqual(4_000);
    expect(world.runUntil(() => player.isAtEnd, 120_000)).toBe(true);
    expect(player.waitedMs).toBeLessThanOrEqual(5_000);
  },
);

scenario("33: after a jump ahead the film goes on within three seconds", (seed) => {
  const world = cinema(seed);
  const player = new Player(world, world.join(), film);
  world.runFor(8_000);
  for (const to of [90, 60]) {
    player.seek(to);
    world.runFor(8_000);
    expect(player.waitedMs).toBeLessThanOrEqual(3_000);
  }
  expect(world.runUntil(() => player.isAtEnd && world.isEveryoneDone, 120_000)).toBe(true);
});

/** What a link carries ahead of what is asked for now: what its sender has handed on, and what is under way. */
const BEYOND_RECALL_MS = LINK_CREDIT_MS + 100;

scenario("33: a jump does not wait for what was asked for before it, and no block comes twice", (seed) => {
  const RATE = 300_000;
  const world = new World(singleFile(PIECES, PIECE_BYTES, sha256), { seed });
  world.join({ isSeed: true, upBytesPerSecond: RATE });
  const node = world.join();
  world.runFor(6_000);
  // From an ordinary download with all its requests, back, and to what was just taken back.
  for (const first of [100, 50, 100, 20]) {
    node.feed({ type: "window-set", first: first as PieceIndex, count: PIECES - first });
    const askedAt = world.heap.now;
    const from =
      [...Array(PIECES).keys()].find((piece) => piece >= first && !node.stored.has(piece)) ?? first;
    const isPlaying = () => node.stored.has(from);
    expect(world.runUntil(isPlaying, askedAt + 60_000)).toBe(true);
    const pieceMs = (PIECE_BYTES / RATE) * 1000;
    // One request in RAREST_FIRST_IN goes elsewhere.
    expect(world.heap.now - askedAt).toBeLessThan(BEYOND_RECALL_MS + 1.5 * pieceMs);
  }
  expect(world.runUntil(() => world.isEveryoneDone, 120_000)).toBe(true);
  expect(node.snapshot().wasted).toBe(0);
});

scenario(
  "33: where everybody plays the same film from its beginning, they still give it to each other",
  (seed) => {
    const world = new World(singleFile(PIECES, PIECE_BYTES, sha256), { seed });
    const origin = world.join({ isSeed: true, upBytesPerSecond: 400_000 });
    const watchers = Array.from({ length: 8 }, () => world.join({ upBytesPerSecond: 200_000 }));
    const players = watchers.map((node) => new Player(world, node, film));
    expect(world.runUntil(() => players.every((player) => player.isAtEnd), 300_000)).toBe(true);
    for (const { waitedMs } of players) expect(waitedMs).toBeLessThanOrEqual(15_000);
    expect(origin.snapshot().uploaded).toBeLessThan(4 * world.torrent.geometry.totalBytes);
  },
);

scenario("33: a film that was not chosen is fetched while it plays, and no further", (seed) => {
  const files = [0, 1].map((file) => ({ path: [`${file}`], length: (PIECES / 2) * PIECE_BYTES }));
  const world = new World(new SyntheticTorrent(files, PIECE_BYTES, sha256), { seed });
  world.join({ isSeed: true, upBytesPerSecond: 400_000 });
  const node = world.join();
  node.feed({ type: "files-wanted", wanted: [true, false] });
  expect(world.runUntil(() => world.isEveryoneDone, 60_000)).toBe(true);
  const player = new Player(world, node, { ...film, end: PIECES / 2 + 20 }, PIECES / 2);
  expect(world.runUntil(() => player.isAtEnd, 60_000)).toBe(true);
  expect(node.stored.count).toBe(PIECES / 2 + 20);
});
