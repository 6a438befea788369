import { afterEach, describe, expect, it } from "vitest";
import { linkId } from "../../engine/units.ts";
import { LinkRecorder, linksScenarios, type MakeLinks } from "../../ports/links.contract.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import { MemoryNetwork } from "../../ports/memory-links.ts";
import { exposeLinks, remoteLinks } from "./bridge.ts";

const LINK = linkId(1);

/** What to undo after a test: an open MessagePort keeps the process alive. */
let stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops) stop();
  stops = [];
});

/** Links in memory, seen through a real MessageChannel. */
function bridged(): MakeLinks {
  const network = new MemoryNetwork(new ManualClock());
  return (events) => {
    const { port1, port2 } = new MessageChannel();
    stops.push(exposeLinks((pageEvents) => network.links(pageEvents), port1));
    return remoteLinks(port2, events);
  };
}

async function openPair(make: MakeLinks): Promise<[LinkRecorder, LinkRecorder]> {
  const near = new LinkRecorder(make);
  const far = new LinkRecorder(make);
  near.peer = far;
  far.peer = near;
  far.begin(LINK, false);
  near.begin(LINK, true);
  await Promise.all([near, far].map((end) => end.until(() => end.names(LINK).includes("opened"))));
  return [near, far];
}

describe("links across a port", () => {
  it.each(linksScenarios)("$title", async ({ play }) => {
    await play(bridged());
  });

  it("transfers what is sent instead of copying it", async () => {
    const [near] = await openPair(bridged());
    const bytes = new Uint8Array(1000);
    near.links.send(LINK, bytes);
    expect(bytes.buffer.byteLength).toBe(0);
  });

  it("closes the links of a worker that is gone", async () => {
    const [, far] = await openPair(bridged());
    stops[0]?.();
    await far.ended(LINK);
    expect(far.end(LINK)).toBe("closed-there");
  });
});
