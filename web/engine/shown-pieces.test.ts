import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, type ScriptedPeer } from "../sim/scripted-peer.ts";
import { singleFile } from "../sim/synthetic-torrent.ts";
import { BLOCK_BYTES, SUPER_SEED_IDLE_MS } from "./limits.ts";

const PIECES = 6;
const TORRENT = singleFile(PIECES, BLOCK_BYTES, digests.sha256);
const everything = Array.from({ length: PIECES }, (_, piece) => piece);

const shown = (peer: ScriptedPeer) => peer.heardOf("have").map(({ piece }) => piece);

/** The only seed of a fresh share, with a peer that has nothing and waits. */
function freshShare(): { bench: Bench; leecher: ScriptedPeer } {
  const bench = new Bench(TORRENT, { isSeed: true });
  const leecher = bench.meet();
  leecher.say({ type: "have-none" });
  return { bench, leecher };
}

test("[BEP 16] the only seed of a fresh share says that it has nothing, and shows who is choked one piece", () => {
  const { bench, leecher } = freshShare();
  bench.pass(1000);
  expect(leecher.heardOf("have-none")).toHaveLength(1);
  expect(shown(leecher)).toHaveLength(1);
});

test("[BEP 16] once a peer has everything, the others hear of every piece once, and it of none", () => {
  const { bench, leecher } = freshShare();
  const seed = bench.meet();
  const before = shown(seed).length;
  seed.say({ type: "have-all" });
  expect(shown(leecher).sort()).toEqual(everything);
  expect(shown(seed)).toHaveLength(before);
  expect(bench.meet().heardOf("have-all")).toHaveLength(1);
});

test("[BEP 16] once all have everything among them, and nothing was to be sent for a while, the rest is said", () => {
  const { bench, leecher } = freshShare();
  const other = bench.meet();
  for (let turn = 0; turn < PIECES; turn++) {
    for (const peer of [leecher, other]) {
      const piece = shown(peer).at(-1);
      if (piece !== undefined) peer.say({ type: "have", piece });
    }
  }
  expect(shown(leecher).length).toBeLessThan(PIECES);
  bench.pass(SUPER_SEED_IDLE_MS + 2000);
  for (const peer of [leecher, other]) expect(shown(peer).sort()).toEqual(everything);
});
