/**
 * `npm run -s check -- https://share.example.org`: does a Shoal server work from here?
 *
 * One line for each of what a browser needs of it: the page, its configuration, the WebSocket, and every STUN
 * and TURN server that it names. Exit code 1 when one of them fails.
 */
import { pathToFileURL } from "node:url";
import { WebSocket } from "ws";
import { parseServerConfig, type ServerConfig } from "../signaling/messages.ts";
import { askStun, askTurn } from "./stun.ts";

export interface Finding {
  readonly ok: boolean;
  /** A sentence for the operator. */
  readonly text: string;
}

const HTTP_TIMEOUT_MS = 8_000;

/** Looks at the server at `url` from this machine. Never rejects. */
export async function checkServer(url: string): Promise<Finding[]> {
  const home = url.replace(/\/+$/, "");
  if (!/^https?:\/\/[^/]+$/.test(home)) {
    return [{ ok: false, text: `${url} is no address like https://share.example.org.` }];
  }
  const findings = [isSecure(home), await found("The page", () => get(`${home}/`))];
  findings.push(await found("The WebSocket", () => announceSocket(home)));
  let config: ServerConfig | undefined;
  const configured = await found("The configuration", async () => {
    const parsed = parseServerConfig(await get(`${home}/config`));
    if (!parsed.ok) throw new Error(`it is not Shoal's: ${parsed.reason}`);
    config = parsed.value;
  });
  return [...findings, configured, ...(config === undefined ? [] : await checkIce(config))];
}

function isSecure(home: string): Finding {
  const { protocol, hostname } = new URL(home);
  if (protocol === "https:") return { ok: true, text: "The address is https, as browsers want it." };
  const isHere = hostname === "localhost" || hostname.startsWith("127.");
  return isHere
    ? { ok: true, text: "The address is http on this machine, which browsers allow." }
    : { ok: false, text: "The address is http: browsers give Shoal what it needs on https only." };
}

async function checkIce({ iceServers, relayOnly }: ServerConfig): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { urls, username, credential } of iceServers) {
    const credentials =
      username === undefined || credential === undefined ? undefined : { username, credential };
    for (const url of urls) {
      const isTurn = url.toLowerCase().startsWith("turn");
      findings.push(
        await found(`${isTurn ? "TURN" : "STUN"} at ${url}`, () =>
          isTurn ? askTurn(url, credentials) : askStun(url),
        ),
      );
    }
  }
  const names = (scheme: string) => iceServers.some(({ urls }) => urls.some((url) => url.startsWith(scheme)));
  if (!names("stun")) findings.push({ ok: true, text: "No STUN is set: fine within one network." });
  if (!names("turn")) {
    findings.push({ ok: true, text: "No TURN is set: people behind strict firewalls will not connect." });
  }
  if (relayOnly) findings.push({ ok: true, text: "Only relays are allowed: every byte goes through TURN." });
  return findings;
}

async function found(what: string, look: () => Promise<unknown>): Promise<Finding> {
  try {
    await look();
    return { ok: true, text: `${what} works.` };
  } catch (error) {
    return { ok: false, text: `${what} fails: ${reasonOf(error)}.` };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message || error.name;
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(HTTP_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  return response.text();
}

function announceSocket(home: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${home.replace(/^http/, "ws")}/announce`, {
      origin: home,
      handshakeTimeout: HTTP_TIMEOUT_MS,
    });
    socket.once("open", () => {
      socket.close();
      resolve();
    });
    socket.once("unexpected-response", (_request, response) => {
      const hint =
        response.statusCode === 426 || response.statusCode === 400 ? ", so a proxy drops Upgrade" : "";
      reject(new Error(`it answers ${response.statusCode} instead of 101${hint}`));
    });
    socket.once("error", reject);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const findings = await checkServer(process.argv[2] ?? "http://localhost:8787");
  for (const { ok, text } of findings) console.log(`${ok ? "ok    " : "FAILED"}  ${text}`);
  process.exitCode = findings.every(({ ok }) => ok) ? 0 : 1;
}
