import { describe, expect, test } from "vitest";
import { judgeTrackerUrl, judgeWebSeedUrl } from "./foreign-url.ts";

const SECURE = "https://shoal.example/";
const AT_HOME = "http://192.168.1.5:8787/";

describe("a tracker's address", () => {
  test.each([
    ["wss://tracker.example", "wss://tracker.example/"],
    ["wss://tracker.example:443/announce#x", "wss://tracker.example/announce"],
    ["ws://localhost:8000/", "private-network"],
    ["ws://tracker.example/", "insecure"],
    ["udp://tracker.example:80", "protocol"],
    ["http://tracker.example/announce", "protocol"],
    ["javascript:alert(1)", "protocol"],
    ["wss://someone:secret@tracker.example/", "not-a-url"],
    ["tracker.example", "not-a-url"],
    ["wss://", "not-a-url"],
    [`wss://tracker.example/${"x".repeat(3_000)}`, "not-a-url"],
    ["wss://10.0.0.1/", "private-network"],
    ["wss://172.20.0.1/", "private-network"],
    ["wss://192.168.0.1/", "private-network"],
    ["wss://169.254.169.254/", "private-network"],
    ["wss://127.1/", "private-network"],
    ["wss://2130706433/", "private-network"],
    ["wss://[::1]/", "private-network"],
    ["wss://[fd00::1]/", "private-network"],
    ["wss://[::ffff:10.0.0.1]/", "private-network"],
    ["wss://router/", "private-network"],
    ["wss://printer.local/", "private-network"],
    ["wss://172.32.0.1/", "wss://172.32.0.1/"],
  ])("%s from a secure page: %s", (url, expected) => {
    const verdict = judgeTrackerUrl(url, SECURE);
    expect(verdict.usable ? verdict.url : verdict.reason).toBe(expected);
  });

  test("on a page of the same private network its machines may be asked, also without encryption", () => {
    expect(judgeTrackerUrl("ws://192.168.1.9:8000/", AT_HOME).usable).toBe(true);
    expect(judgeTrackerUrl("ws://localhost:8000/", "http://localhost:8787/").usable).toBe(true);
  });
});

test("a web seed's address is judged by the same rules", () => {
  const verdictOf = (url: string) => {
    const verdict = judgeWebSeedUrl(url, SECURE);
    return verdict.usable ? verdict.url : verdict.reason;
  };
  expect(verdictOf("https://mirror.example/a b/")).toBe("https://mirror.example/a%20b/");
  expect(verdictOf("http://mirror.example/")).toBe("insecure");
  expect(verdictOf("ftp://mirror.example/")).toBe("protocol");
  expect(verdictOf("https://192.168.0.1/admin")).toBe("private-network");
});
