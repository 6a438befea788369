import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { BLOCK_BYTES, NOTES_BYTES_PER_WINDOW, NOTES_WINDOW_MS } from "../engine/limits.ts";
import type { PeerId } from "../engine/units.ts";
import { EXTENSION_IDS } from "../engine/wire/extension-handshake.ts";
import {
  decodeIntroduction,
  encodeIntroduction,
  type IntroductionMessage,
} from "../engine/wire/introduction.ts";
import { Bench, type ScriptedPeer } from "./scripted-peer.ts";
import { singleFile } from "./synthetic-torrent.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const TORRENT = singleFile(8, 4 * BLOCK_BYTES, sha256);

describe("[BEP 55] introductions", () => {
  const note = { offerId: "ab".repeat(20), kind: "offer", text: "v=0" } as const;
  const ours = EXTENSION_IDS.shoal_introduce;

  function say(peer: ScriptedPeer, message: IntroductionMessage): void {
    peer.say({ type: "extended", id: ours, payload: encodeIntroduction(message) });
  }

  function heard(peer: ScriptedPeer): (IntroductionMessage | undefined)[] {
    return peer.heardOf("extended").flatMap(({ id, payload }) => {
      const message = id === ours ? decodeIntroduction(payload) : undefined;
      return message?.ok ? [message.value] : [];
    });
  }

  test("a note is handed to the peer that it is for, and says whom it is from", () => {
    const bench = new Bench(TORRENT, { isSeed: true });
    const [a, b] = [bench.meet(), bench.meet()] as const;
    a.extend();
    b.extend();
    say(a, { type: "carry", peer: b.id, note });
    expect(heard(b)).toEqual([{ type: "carried", peer: a.id, note }]);
    expect(heard(a)).toEqual([]);
  });

  test("a note for somebody who is not here, or does not speak this, is refused", () => {
    const bench = new Bench(TORRENT, { isSeed: true });
    const [a, silent] = [bench.meet(), bench.meet()] as const;
    a.extend();
    const gone = "7".repeat(40) as PeerId;
    for (const peer of [gone, silent.id, a.id]) say(a, { type: "carry", peer, note });
    const refusals = [gone, silent.id, a.id].map((peer) => ({
      type: "refused",
      peer,
      offerId: note.offerId,
    }));
    expect(heard(a)).toEqual(refusals);
  });

  test("who has too much carried is refused for a while, and nobody is dropped for it", () => {
    const bench = new Bench(TORRENT, { isSeed: true });
    const [a, b] = [bench.meet(), bench.meet()] as const;
    a.extend();
    b.extend();
    const long = { ...note, text: "x".repeat(NOTES_BYTES_PER_WINDOW / 4) };
    for (let count = 0; count < 6; count++) say(a, { type: "carry", peer: b.id, note: long });
    expect(heard(b).length).toBe(4);
    expect(heard(a).length).toBe(2);
    bench.pass(NOTES_WINDOW_MS);
    say(a, { type: "carry", peer: b.id, note });
    expect(heard(b).length).toBe(5);
    expect(a.dropped).toBeUndefined();
  });

  test("notes of ours go out through the peer that was named, and what comes back is told", () => {
    const bench = new Bench(TORRENT, { isSeed: true });
    const middle = bench.meet();
    middle.extend();
    const to = "7".repeat(40) as PeerId;
    bench.feed({ type: "introduction-asked", through: middle.link, to, note });
    expect(heard(middle)).toEqual([{ type: "carry", peer: to, note }]);
    say(middle, { type: "carried", peer: to, note });
    say(middle, { type: "refused", peer: to, offerId: note.offerId });
    expect(bench.outputs).toContainEqual({
      type: "introduction-heard",
      through: middle.link,
      from: to,
      note,
    });
    const refused = { type: "introduction-refused", through: middle.link, to, offerId: note.offerId };
    expect(bench.outputs).toContainEqual(refused);
  });
});
