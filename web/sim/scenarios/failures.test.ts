import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { singleFile } from "../synthetic-torrent.ts";
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
