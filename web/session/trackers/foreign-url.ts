/**
 * Which of the addresses that a stranger's torrent names may be contacted from here. A page can speak WebSocket
 * and HTTPS alone, a secure page nothing that is not secure, and no torrent may make us knock at doors of the
 * network that this person is in.
 */
import { MAX_URL_LENGTH } from "../limits.ts";
import type { UrlReason } from "../snapshot.ts";

export type UrlVerdict =
  | { readonly usable: true; readonly url: string }
  | { readonly usable: false; readonly reason: UrlReason };

/** Judges a tracker's address. @param page the address of this page. */
export function judgeTrackerUrl(text: string, page: string): UrlVerdict {
  return judge(text, page, "wss:", "ws:");
}

/** Judges a web seed's address. @param page the address of this page. */
export function judgeWebSeedUrl(text: string, page: string): UrlVerdict {
  return judge(text, page, "https:", "http:");
}

function judge(text: string, page: string, secure: string, insecure: string): UrlVerdict {
  const url = text.length <= MAX_URL_LENGTH && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") return refuse("not-a-url");
  if (url.protocol !== secure && url.protocol !== insecure) return refuse("protocol");
  const here = new URL(page);
  if (isPrivateHost(url.hostname) && !isPrivateHost(here.hostname)) return refuse("private-network");
  const isAtHome = isLoopback(url.hostname);
  if (url.protocol === insecure && here.protocol === "https:" && !isAtHome) return refuse("insecure");
  url.hash = "";
  return { usable: true, url: url.href };
}

function refuse(reason: UrlReason): UrlVerdict {
  return { usable: false, reason };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || /^127\./.test(host) || host === "[::1]";
}

/** Loopback, private and link-local addresses (RFC 1918, 4193, 3927, 4291), and names that only exist locally. */
function isPrivateHost(host: string): boolean {
  if (isLoopback(host) || host === "[::]" || /^\[(?:f[cd]|fe[89ab]|::ffff:)/i.test(host)) return true;
  if (/^(?:0|10|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host)) return true;
  return /\.(?:local|internal|lan|home\.arpa)$/.test(host) || !/[.:]/.test(host);
}
