import { EventEmitter } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import { AddressGate } from "./address-gate.ts";
import { DEFAULT_LIMITS, NO_LIMITS } from "./limits.ts";

const limits = {
  ...DEFAULT_LIMITS,
  connectionsPerAddress: 2,
  sockets: 5,
  socketsPerAddress: 3,
  newSocketsPerAddress: { capacity: 4, perSecond: 1 },
  configsPerAddress: { capacity: 2, perSecond: 1 },
};

let gate: AddressGate;
/** Connections that are open, by address. */
let open: Map<string, EventEmitter[]>;

beforeEach(() => {
  gate = new AddressGate(limits);
  open = new Map();
});

function connection(address: string): EventEmitter {
  const made = new EventEmitter();
  open.set(address, [...(open.get(address) ?? []), made]);
  return made;
}

function admit(address: string, count: number, now = 0): (string | undefined)[] {
  return Array.from({ length: count }, () => gate.admitSocket(connection(address), address, now));
}

function close(address: string): void {
  open.get(address)?.shift()?.emit("close");
}

describe("the gate", () => {
  it("lets an address have so many sockets, another as many, and all together no more than the server can", () => {
    expect(admit("192.0.2.1", 4)).toEqual([
      undefined,
      undefined,
      undefined,
      "too many sockets from one address",
    ]);
    expect(admit("192.0.2.2", 3)).toEqual([undefined, undefined, "too many sockets"]);
    close("192.0.2.1");
    expect(admit("192.0.2.2", 1)).toEqual([undefined]);
  });

  it("takes a whole IPv6 /64 for one address", () => {
    expect(admit("2001:db8::1", 2)).toEqual([undefined, undefined]);
    expect(admit("2001:db8::2:1", 2)).toEqual([undefined, "too many sockets from one address"]);
  });

  it("slows an address down that opens one socket after the other", () => {
    for (let i = 0; i < 4; i++) {
      expect(admit("192.0.2.1", 1)).toEqual([undefined]);
      close("192.0.2.1");
    }
    expect(admit("192.0.2.1", 1, 999)).toEqual(["too many new sockets from one address"]);
    expect(admit("192.0.2.1", 1, 1000)).toEqual([undefined]);
  });

  it("lets an address ask for so many configurations", () => {
    expect([1, 2, 3].map(() => gate.admitConfig("192.0.2.1", 0))).toEqual([true, true, false]);
    expect(gate.admitConfig("192.0.2.2", 0)).toBe(true);
    expect(gate.admitConfig("192.0.2.1", 1000)).toBe(true);
  });

  it("counts a connection that became a socket as both, and as neither once it is closed", () => {
    const both = connection("192.0.2.1");
    gate.admitConnection(both, "192.0.2.1");
    gate.admitSocket(both, "192.0.2.1", 0);
    expect(both.listenerCount("close")).toBe(1);
    both.emit("close");
    expect([1, 2, 3].map(() => gate.admitConnection(new EventEmitter(), "192.0.2.1"))).toEqual([
      true,
      true,
      false,
    ]);
    expect(admit("192.0.2.1", 3)).toEqual([undefined, undefined, undefined]);
  });

  it("lets an address have so many TCP connections", () => {
    expect([1, 2, 3].map(() => gate.admitConnection(connection("192.0.2.1"), "192.0.2.1"))).toEqual([
      true,
      true,
      false,
    ]);
    close("192.0.2.1");
    expect(gate.admitConnection(connection("192.0.2.1"), "192.0.2.1")).toBe(true);
    gate.forgetIdle(0);
    expect(gate.addressCount).toBe(1);
  });

  it("forgets an address that has nothing open and was quiet, so that memory is bounded by what is open", () => {
    admit("192.0.2.1", 2);
    gate.admitConfig("192.0.2.2", 0);
    gate.forgetIdle(1);
    expect(gate.addressCount).toBe(2);
    close("192.0.2.1");
    gate.forgetIdle(10_000);
    expect(gate.addressCount).toBe(1);
    close("192.0.2.1");
    gate.forgetIdle(10_000);
    expect(gate.addressCount).toBe(0);
  });

  it("counts nothing away when the limits are lifted", () => {
    gate = new AddressGate(NO_LIMITS);
    expect(new Set(admit("192.0.2.1", 10_000))).toEqual(new Set([undefined]));
    for (let i = 0; i < 10_000; i++) close("192.0.2.1");
    gate.forgetIdle(0);
    expect(gate.addressCount).toBe(0);
  });
});
