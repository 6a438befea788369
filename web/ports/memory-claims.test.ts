import { describe, expect, test } from "vitest";
import { claimsScenarios } from "./claims.contract.ts";
import { MemoryProfile } from "./memory-claims.ts";

describe("claims in memory", () => {
  test.each(claimsScenarios)("$title", ({ play }) => {
    const profile = new MemoryProfile();
    return play(() => profile.open().claims);
  });

  test("what a tab owned is free when it has ended", async () => {
    const profile = new MemoryProfile();
    const [one, other] = [profile.open(), profile.open()];
    await one.claims.tryClaim("a");
    one.end();
    expect(await other.claims.tryClaim("a")).toBe(true);
  });
});
