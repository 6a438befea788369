import { expect, test } from "vitest";
import { Peer } from "./peer.ts";
import { linkId, millis, type PeerId } from "./units.ts";

/** A peer that unchoked us after ten seconds, and has what we want. */
function unchokedUs(): Peer {
  const opened = {
    type: "link-opened",
    link: linkId(1),
    peer: "1".repeat(40) as PeerId,
    relayed: false,
  } as const;
  const peer = new Peer(opened, millis(0));
  peer.isChoking = false;
  peer.unchokedUsAt = millis(10_000);
  peer.amInterested = true;
  return peer;
}

test("[Cohen 2003 §3.4] who lets us ask and sends nothing for over a minute snubs us", () => {
  const peer = unchokedUs();
  expect(peer.isSnubbing(millis(70_000))).toBe(false);
  expect(peer.isSnubbing(millis(70_001))).toBe(true);
  peer.lastBlockAt = millis(71_000);
  expect(peer.isSnubbing(millis(131_000))).toBe(false);
  expect(peer.isSnubbing(millis(131_001))).toBe(true);
});

test("who chokes us, or has nothing that we want, owes us nothing and does not snub us", () => {
  const [choking, boring] = [unchokedUs(), unchokedUs()] as const;
  choking.isChoking = true;
  boring.amInterested = false;
  for (const peer of [choking, boring]) expect(peer.isSnubbing(millis(1_000_000))).toBe(false);
});
