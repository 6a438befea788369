import { expect } from "vitest";
import { BLOCK_BYTES, HASHES_PER_REQUEST } from "../../engine/limits.ts";
import { Bench, teach } from "../scripted-peer.ts";
import { type SyntheticTorrent, singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

const PIECES = 12;

function worldOf(seed: number): World {
  return new World(singleFile(PIECES, 2 * BLOCK_BYTES, sha256), { seed });
}

scenario(
  "50: whichever block comes spoilt, only its sender is banned, and the download completes",
  (seed) => {
    for (let spoilt = 1; spoilt <= 2 * PIECES; spoilt += 2) {
      const world = worldOf(seed);
      world.join({ isSeed: true });
      let sent = 0;
      const liar = world.join({
        holds: "everything",
        corrupt: (_piece, _begin, bytes) => {
          if (++sent === spoilt) bytes[50] = 1;
        },
      });
      world.join();
      expect(world.runUntil(() => world.isEveryoneDone, 300_000)).toBe(true);
      for (const { peer } of world.drops.filter(({ ban }) => ban)) expect(peer).toBe(liar.id);
    }
  },
);

scenario("50: at whichever moment the link breaks, the download goes on over the next one", (seed) => {
  for (let brokenAt = 50; brokenAt <= 1050; brokenAt += 100) {
    const world = worldOf(seed);
    const first = world.join({ holds: "everything", upBytesPerSecond: 400_000 });
    const leecher = world.join();
    world.runFor(brokenAt);
    first.leave();
    world.runFor(500);
    world.introduce(leecher, world.join({ holds: "everything" }));
    expect(world.runUntil(() => world.isEveryoneDone, 60_000)).toBe(true);
  }
});

scenario("50: whichever wake-up comes a second and a half late, everybody completes", (seed) => {
  for (let late = 1; late <= 9; late++) {
    const world = worldOf(seed);
    world.join({ holds: "everything", upBytesPerSecond: 100_000 });
    world.join();
    world.runFor(late * 200);
    // All that was due meanwhile happens at once, as after a machine's sleep.
    world.heap.now = (world.heap.now + 1_500) as typeof world.heap.now;
    expect(world.runUntil(() => world.isEveryoneDone, 120_000)).toBe(true);
  }
});

/** What may become of a hash request: no answer, a refusal, hashes that are not those of the file. */
const FAILURES = ["silence", "refusal", "forgery"] as const;

scenario("50: whichever hash request gets no answer, a refusal or a forgery, all piece hashes come in the end", () => {
  const torrent = singleFile(2 * HASHES_PER_REQUEST + 1, BLOCK_BYTES, sha256);
  for (const failure of FAILURES)
    for (let failing = 1; failing <= 3; failing++) hashes(torrent, failure, failing);
}, [1]);

/** Two peers answer hash requests; of all that they hear the `failing`-th fails. */
function hashes(torrent: SyntheticTorrent, failure: (typeof FAILURES)[number], failing: number): void {
  const bench = new Bench(torrent);
  const peers = [bench.meet(), bench.meet()] as const;
  teach(bench, peers[0]);
  const answered = new Map(peers.map((peer) => [peer, 0]));
  let heard = 0;
  const areAllKnown = () => bench.swarm.kept()?.layers.every((layer) => layer !== undefined);
  for (let second = 0; second < 60 && !areAllKnown(); second++) {
    for (const peer of peers) {
      const requests = peer.heardOf("hash-request").slice(answered.get(peer));
      answered.set(peer, (answered.get(peer) ?? 0) + requests.length);
      for (const { type: _, ...range } of requests) {
        const isFailing = ++heard === failing;
        const answer = torrent.trees[0]?.answer(range) ?? new Uint8Array();
        if (!isFailing) peer.say({ type: "hashes", ...range, hashes: answer });
        else if (failure === "refusal") peer.say({ type: "hash-reject", ...range });
        else if (failure === "forgery")
          peer.say({ type: "hashes", ...range, hashes: answer.slice().fill(7, 0, 9) });
      }
    }
    bench.pass(1000);
  }
  expect(areAllKnown()).toBe(true);
  const dropped = peers.filter((peer) => peer.dropped !== undefined);
  expect(dropped.map((peer) => peer.dropped)).toEqual(
    failure === "forgery" ? [{ reason: "hashes-forged", ban: true }] : [],
  );
}
