import { describe, expect, test } from "vitest";
import { canRelay } from "../ports/ice-config.ts";
import { ManualClock } from "../ports/manual-clock.ts";
import { FetchedIceConfig } from "./ice-config.ts";

const STUN = { urls: ["stun:stun.example:3478"] };
const TURN = { urls: ["turn:turn.example:3478"], username: "1:a", credential: "secret" };

function answer(iceServers: readonly object[], credentialsExpireInSeconds: number | null = null): string {
  return JSON.stringify({
    iceServers,
    relayOnly: false,
    announceIntervalSeconds: 120,
    credentialsExpireInSeconds,
    version: "0.1.0",
  });
}

/** A server that gives these answers one after another; undefined is none. */
function setUp(answers: readonly (string | undefined)[]) {
  const clock = new ManualClock();
  let asked = 0;
  const config = new FetchedIceConfig(clock, async () => {
    const text = answers[asked++];
    if (text === undefined) throw new Error("no answer");
    return text;
  });
  let isReady = false;
  void config.ready.then(() => {
    isReady = true;
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { config, pass, asked: () => asked, isReady: () => isReady };
}

describe("the ICE servers", () => {
  test("are known as soon as the server has answered", async () => {
    const { config, pass, isReady } = setUp([answer([STUN])]);
    expect(isReady()).toBe(false);
    await pass(0);
    expect([isReady(), config.servers]).toEqual([true, [STUN]]);
  });

  test("are not waited for longer than a second, and come later all the same", async () => {
    const { config, pass, isReady } = setUp([undefined, answer([STUN])]);
    await pass(999);
    expect(isReady()).toBe(false);
    await pass(1);
    expect([isReady(), config.servers]).toEqual([true, []]);
    await pass(1_000);
    expect(config.servers).toEqual([STUN]);
  });

  test("are asked for ever more rarely while there is no sensible answer", async () => {
    const { pass, asked } = setUp([undefined, "{}", "<html>", undefined, undefined]);
    for (const [ms, count] of [
      [0, 1],
      [1_000, 2],
      [1_999, 2],
      [1, 3],
      [4_000, 4],
    ] as const) {
      await pass(ms);
      expect(asked()).toBe(count);
    }
  });

  test("are renewed when half of their credentials' time is over", async () => {
    const { config, pass } = setUp([answer([TURN], 600), answer([{ ...TURN, credential: "new" }], 600)]);
    await pass(0);
    await pass(299_999);
    expect(config.servers).toEqual([TURN]);
    await pass(1);
    expect(config.servers).toEqual([{ ...TURN, credential: "new" }]);
  });

  test("can relay if one of them is a TURN server", () => {
    expect([canRelay([STUN]), canRelay([STUN, TURN]), canRelay([{ urls: ["turns:a"] }])]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
