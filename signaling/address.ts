/** Whose connection it is: the address that limits are counted by. Never logged. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * The client's address as seen through `trustedProxies` proxies of ours, each of which appends the address that
 * it was called from to `X-Forwarded-For`. Whatever stands further left was written by the client and is ignored.
 */
export function clientAddress(request: IncomingMessage, trustedProxies: number): string {
  const direct = request.socket.remoteAddress ?? "";
  const header = request.headers["x-forwarded-for"];
  const forwarded = (typeof header === "string" ? header.split(",") : []).map((address) => address.trim());
  const chain = [...forwarded, direct];
  const address = chain[Math.max(0, chain.length - 1 - trustedProxies)] ?? direct;
  return isIP(address) === 0 ? direct : address;
}

/**
 * What limits are counted by: an IPv4 address, or the /64 of an IPv6 address, which is what one customer has.
 * Anything else is counted as it is.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (isIP(address) !== 6) return address;
  const [head = "", tail = ""] = address.replace(/%.*$/, "").toLowerCase().split("::");
  const before = groups(head);
  const after = groups(tail);
  const zeros = address.includes("::")
    ? Array<string>(Math.max(0, 8 - before.length - after.length)).fill("0")
    : [];
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}

function groups(text: string): string[] {
  const written = text === "" ? [] : text.split(":");
  // An IPv4 tail stands for two groups; it is never among the first four.
  return written.flatMap((group) => (group.includes(".") ? ["0", "0"] : [group.replace(/^0+(?=.)/, "")]));
}
