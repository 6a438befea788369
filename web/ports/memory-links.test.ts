import { describe, expect, it } from "vitest";
import { linkId, millis } from "../engine/units.ts";
import { LinkRecorder, linksScenarios } from "./links.contract.ts";
import { CONNECT_TIMEOUT_MS } from "./links.ts";
import { ManualClock } from "./manual-clock.ts";
import { ManualDelivery, MemoryNetwork } from "./memory-links.ts";

const LINK = linkId(1);

describe("links in memory", () => {
  it.each(linksScenarios)("$title", async ({ play }) => {
    const network = new MemoryNetwork(new ManualClock());
    await play((events) => network.links(events));
  });

  it("closes a link that nobody answers with timeout, and not a millisecond early", () => {
    const clock = new ManualClock();
    const delivery = new ManualDelivery();
    const network = new MemoryNetwork(clock, delivery.deliver);
    const near = new LinkRecorder((events) => network.links(events));
    near.begin(LINK, true);
    clock.advance(CONNECT_TIMEOUT_MS - 1);
    delivery.all();
    expect(near.end(LINK)).toBeUndefined();
    clock.advance(1);
    delivery.all();
    expect(near.end(LINK)).toBe("timeout");
  });

  it("leaves an open link alone when the time to connect is over", () => {
    const clock = new ManualClock();
    const delivery = new ManualDelivery();
    const network = new MemoryNetwork(clock, delivery.deliver);
    const near = new LinkRecorder((events) => network.links(events));
    const far = new LinkRecorder((events) => network.links(events));
    near.peer = far;
    far.peer = near;
    far.begin(LINK, false);
    near.begin(LINK, true);
    delivery.all();
    clock.advance(2 * CONNECT_TIMEOUT_MS);
    delivery.all();
    expect(near.names(LINK)).toContain("opened");
    expect(near.end(LINK)).toBeUndefined();
  });

  it("does nothing until the test delivers, one delivery at a time", () => {
    const delivery = new ManualDelivery();
    const network = new MemoryNetwork(new ManualClock(), delivery.deliver);
    const near = new LinkRecorder((events) => network.links(events));
    near.begin(LINK, true);
    expect(near.names(LINK)).toEqual([]);
    expect(delivery.next()).toBe(true);
    expect(near.signals(LINK)).toEqual(["offer"]);
    expect(delivery.next()).toBe(true);
    expect(near.signals(LINK)).toEqual(["offer", "candidates"]);
    expect(delivery.next()).toBe(false);
  });

  it("takes the buffer of what is sent away from the sender", async () => {
    const network = new MemoryNetwork(new ManualClock());
    const near = new LinkRecorder((events) => network.links(events));
    const far = new LinkRecorder((events) => network.links(events));
    near.peer = far;
    far.peer = near;
    far.begin(LINK, false);
    near.begin(LINK, true);
    await near.until(() => near.names(LINK).includes("opened"));
    const bytes = new Uint8Array(5);
    near.links.send(LINK, bytes);
    expect(bytes.buffer.byteLength).toBe(0);
  });
});

describe("a manual clock", () => {
  it("rings each alarm at its own time, in order, also those set meanwhile", () => {
    const clock = new ManualClock();
    const rung: [string, number][] = [];
    const ring = (name: string) => () => rung.push([name, clock.now()]);
    clock.at(millis(20), ring("late"));
    clock.at(millis(10), () => {
      ring("early")();
      clock.at(millis(15), ring("between"));
    });
    clock.at(millis(10), ring("early, set second"));
    clock.at(millis(12), ring("cancelled"))();
    clock.advance(30);
    expect(rung).toEqual([
      ["early", 10],
      ["early, set second", 10],
      ["between", 15],
      ["late", 20],
    ]);
    expect(clock.now()).toBe(30);
    expect(clock.nextAlarm).toBeUndefined();
  });
});
