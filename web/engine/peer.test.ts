import { expect, test } from "vitest";
import { Peer } from "./peer.ts";
import { linkId, millis, type PeerId } from "./units.ts";

test("[Cohen 2003 §3.4] who has owed us a block for over a minute snubs us, and who owes none never does", () => {
  const opened = { link: linkId(1), peer: "1".repeat(40) as PeerId, relayed: false };
  const peer = new Peer({ type: "link-opened", ...opened }, millis(0));
  expect(peer.isSnubbing(millis(1_000_000))).toBe(false);
  peer.owesSince = millis(10_000);
  expect(peer.isSnubbing(millis(70_000))).toBe(false);
  expect(peer.isSnubbing(millis(70_001))).toBe(true);
});
