import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { addressGroup, clientAddress } from "./address.ts";

describe("a client's address", () => {
  const from = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage;

  it.each([
    { proxies: 0, forwarded: "9.9.9.9", is: "10.0.0.1", why: "nobody in front is trusted" },
    { proxies: 1, forwarded: "9.9.9.9, 1.2.3.4", is: "1.2.3.4", why: "the proxy appended whom it saw" },
    { proxies: 2, forwarded: "9.9.9.9, 1.2.3.4, 10.0.0.2", is: "1.2.3.4", why: "two proxies appended" },
    { proxies: 3, forwarded: "1.2.3.4", is: "1.2.3.4", why: "the chain is shorter than said" },
    { proxies: 1, forwarded: undefined, is: "10.0.0.1", why: "the proxy said nothing" },
    { proxies: 1, forwarded: "9.9.9.9, unknown", is: "10.0.0.1", why: "what it said is no address" },
  ])("is $is with $proxies proxies and $forwarded: $why", ({ proxies, forwarded, is }) => {
    expect(clientAddress(from("10.0.0.1", forwarded), proxies)).toBe(is);
  });
});

describe("limits are counted", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002:ffff::1", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["::", "0:0:0:0::/64"],
    ["64:ff9b::192.0.2.33", "64:ff9b:0:0::/64"],
    ["1:2:3:4:5:6:192.0.2.33", "1:2:3:4::/64"],
    ["", ""],
  ])("for %s under %s", (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});
