import { expect, test } from "vitest";
import { millis } from "../engine/units.ts";
import { Downlink } from "./downlink.ts";
import { EventHeap } from "./event-heap.ts";
import type { LinkEnd, LinkOwner } from "./link-end.ts";
import { Network, WHOLE } from "./network.ts";
import { Uplink } from "./uplink.ts";

const LATENCY_MS = 10;
const BLOCK = new Uint8Array(10_000);
const FAST = 1e9;

interface Owner extends LinkOwner {
  readonly uplink: Uplink;
  readonly fed: { readonly at: number; readonly type: string }[];
}

function ownerOf(network: Network, number: number, downBytesPerSecond: number): Owner {
  const fed: Owner["fed"] = [];
  const ignored = () => {};
  return {
    number,
    latencyMs: LATENCY_MS,
    downlink: new Downlink(downBytesPerSecond),
    uplink: new Uplink(network, FAST, LATENCY_MS),
    fed,
    feed: ({ type }) => fed.push({ at: Math.round(network.heap.now), type }),
    onAccepted: ignored,
    onRefused: ignored,
    onClosed: ignored,
  };
}

function linked(network: Network, from: Owner, to: Owner): LinkEnd {
  const [here, there] = [network.makeEnd(from, to.number), network.makeEnd(to, from.number)];
  here.agree(there.here, to.downlink.bytesPerSecond);
  there.agree(here.here, from.downlink.bytesPerSecond);
  for (const end of [here, there]) end.isOpen = true;
  return here;
}

function play(network: Network): void {
  while (network.heap.next(millis(100_000)));
}

test("a block that has left counts as flushed, and is heard when it has come through the other's downlink", () => {
  const network = new Network(new EventHeap(), WHOLE);
  const [giver, taker] = [ownerOf(network, 1, FAST), ownerOf(network, 2, 100_000)];
  giver.uplink.block(linked(network, giver, taker), BLOCK);
  play(network);
  expect(giver.fed).toEqual([{ at: 0, type: "bytes-flushed" }]);
  expect(taker.fed).toEqual([{ at: LATENCY_MS + 100, type: "bytes-received" }]);
});

test("what is more than the network holds counts as flushed when it should have come through", () => {
  const network = new Network(new EventHeap(), WHOLE);
  const [giver, taker] = [ownerOf(network, 1, FAST), ownerOf(network, 2, 100_000)];
  const end = linked(network, giver, taker);
  for (let i = 0; i < 4; i++) giver.uplink.block(end, BLOCK);
  play(network);
  expect(giver.fed.map(({ at }) => at)).toEqual([0, 0, LATENCY_MS + 300, LATENCY_MS + 400]);
});

test("a giver is told of what others sent there, and holds back by it", () => {
  const network = new Network(new EventHeap(), WHOLE);
  const [first, second] = [ownerOf(network, 1, FAST), ownerOf(network, 3, FAST)];
  const taker = ownerOf(network, 2, 100_000);
  const [end, other] = [linked(network, first, taker), linked(network, second, taker)];
  for (let i = 0; i < 4; i++) first.uplink.block(end, BLOCK);
  network.heap.at(1, () => second.uplink.block(other, BLOCK));
  network.heap.at(100, () => second.uplink.block(other, BLOCK));
  play(network);
  // Its first block is the fifth there, through after 510 ms; the next one would be through 100 ms after that.
  expect(second.fed.map(({ at }) => at)).toEqual([1, 610]);
});

test("messages do not wait for the blocks of other links, nor overtake one of their own", () => {
  const network = new Network(new EventHeap(), WHOLE);
  const [giver, other] = [ownerOf(network, 1, FAST), ownerOf(network, 3, FAST)];
  const taker = ownerOf(network, 2, 100_000);
  const [end, free] = [linked(network, giver, taker), linked(network, other, taker)];
  giver.uplink.block(end, BLOCK);
  giver.uplink.message(end, Uint8Array.of(1));
  giver.uplink.dispatch();
  other.uplink.message(free, Uint8Array.of(1));
  other.uplink.dispatch();
  play(network);
  expect(taker.fed.map(({ at }) => at)).toEqual([LATENCY_MS, LATENCY_MS + 100, LATENCY_MS + 100]);
});
