import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, type ScriptedPeer } from "../sim/scripted-peer.ts";
import { singleFile } from "../sim/synthetic-torrent.ts";
import { BLOCK_BYTES, KEEP_ALIVE_MS, PEX_INTERVAL_MS } from "./limits.ts";
import { EXTENSION_IDS } from "./wire/extension-handshake.ts";
import { decodePex } from "./wire/pex.ts";

const TORRENT = singleFile(4, BLOCK_BYTES, digests.sha256);

function meet(bench: Bench): ScriptedPeer {
  const peer = bench.meet();
  peer.extend();
  return peer;
}

/** Of whom the peer was told, one entry for each message. */
function told(peer: ScriptedPeer): { added: string[]; dropped: readonly string[] }[] {
  return peer.heardOf("extended").flatMap(({ id, payload }) => {
    const message = id === EXTENSION_IDS.shoal_pex ? decodePex(payload) : undefined;
    if (!message?.ok) return [];
    return [{ added: message.value.added.map((added) => added.peer), dropped: message.value.dropped }];
  });
}

/** Time goes by, and nobody falls silent. */
function wait(bench: Bench, milliseconds: number, ...peers: readonly ScriptedPeer[]): void {
  for (let left = milliseconds; left > 0; left -= KEEP_ALIVE_MS) {
    bench.pass(Math.min(left, KEEP_ALIVE_MS));
    for (const peer of peers) peer.say({ type: "keep-alive" });
  }
}

test("[BEP 11] peers are told of each other within a second, and of a later one when the interval is over", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const [a, b] = [meet(bench), meet(bench)] as const;
  wait(bench, 1000);
  expect(told(a)).toEqual([{ added: [b.id], dropped: [] }]);
  const c = meet(bench);
  wait(bench, PEX_INTERVAL_MS - 2000, a, b, c);
  expect(told(a)).toHaveLength(1);
  expect(told(c)).toEqual([{ added: [a.id, b.id], dropped: [] }]);
  wait(bench, 2000);
  expect(told(a).slice(1)).toEqual([{ added: [c.id], dropped: [] }]);
});

test("[BEP 11] who left is told of once, and nothing more is said while nobody comes or goes", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const [a, b] = [meet(bench), meet(bench)] as const;
  wait(bench, 3 * PEX_INTERVAL_MS, a, b);
  expect(told(a)).toHaveLength(1);
  bench.feed({ type: "link-closed", link: b.link });
  wait(bench, 3 * PEX_INTERVAL_MS, a);
  expect(told(a).slice(1)).toEqual([{ added: [], dropped: [b.id] }]);
});
