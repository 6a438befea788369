import { expect, test } from "vitest";
import { Geometry } from "./geometry.ts";
import { BLOCK_BYTES, REQUEST_QUEUE_MS } from "./limits.ts";
import { Peer } from "./peer.ts";
import { asPickerPeer } from "./request-pace.ts";
import { linkId, millis, type PeerId } from "./units.ts";

const PIECE_BYTES = 4 * BLOCK_BYTES;
const GEOMETRY = new Geometry(PIECE_BYTES, [8 * PIECE_BYTES]);

test("a peer is fast when what it gives while a request waits is a whole piece", () => {
  const isFast = (bytes: number) => {
    const opened = { type: "link-opened", link: linkId(1), peer: "1".repeat(40) as PeerId } as const;
    const peer = new Peer({ ...opened, relayed: false }, millis(0));
    peer.received.add(bytes, millis(0));
    return asPickerPeer(peer, GEOMETRY, millis(REQUEST_QUEUE_MS)).isFast;
  };
  expect([PIECE_BYTES - 1, PIECE_BYTES].map(isFast)).toEqual([false, true]);
});
