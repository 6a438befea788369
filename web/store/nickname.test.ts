import { expect, test } from "vitest";
import { nicknameOf, PERSON_COLOURS } from "./nickname.ts";

const peers = Array.from({ length: 200 }, (_, i) => `2d5348303130302d${i.toString(16).padStart(24, "0")}`);

test("a peer has the same name on every screen", () => {
  expect(nicknameOf("a".repeat(40))).toEqual(nicknameOf("a".repeat(40)));
});

test("peers of one client, whose ids begin alike, get different names and every colour", () => {
  const names = new Set(peers.map((peer) => JSON.stringify(nicknameOf(peer))));
  const colours = new Set(peers.map((peer) => nicknameOf(peer).colour));
  expect(names.size).toBeGreaterThan(195);
  expect([...colours].sort()).toEqual(Array.from({ length: PERSON_COLOURS }, (_, i) => i));
});
