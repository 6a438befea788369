/**
 * As much of STUN and TURN as it takes to see whether a server answers and lets us in.
 *
 * Source: RFC 8489 (STUN: §5 messages, §9.2 long-term credentials, §14 attributes), RFC 8656 (TURN: §7.1
 * Allocate, §7.3 lifetime 0), RFC 7064 and 7065 (the URLs).
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";

const COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const BINDING = 0x0001;
const ALLOCATE = 0x0003;
const REFRESH = 0x0004;
const SUCCESS = 0x0100;
const attribute = {
  username: 0x0006,
  integrity: 0x0008,
  errorCode: 0x0009,
  lifetime: 0x000d,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;
const INTEGRITY_BYTES = 24;
const UDP_PROTOCOL = 17;

const ANSWER_WITHIN_MS = 4_000;
/** UDP may lose a request; RFC 8489 §6.2.1 begins with 500 ms. */
const REPEAT_MS = 500;

type Attributes = ReadonlyMap<number, Buffer>;

interface Answer {
  readonly type: number;
  readonly attributes: Attributes;
}

export interface Credentials {
  readonly username: string;
  readonly credential: string;
}

/** @throws Error, with a reason for people, when there is no answer or not the right one. */
export async function askStun(url: string): Promise<void> {
  const wire = open(url);
  try {
    const { type } = await wire.ask(request(BINDING, []));
    if (type !== (BINDING | SUCCESS)) throw new Error("it answers, but not as a STUN server does");
  } finally {
    wire.close();
  }
}

/** Asks for a relay address and gives it back. @throws Error, with a reason for people. */
export async function askTurn(url: string, credentials: Credentials | undefined): Promise<void> {
  const wire = open(url);
  const transport: Field = [attribute.requestedTransport, Buffer.from([UDP_PROTOCOL, 0, 0, 0])];
  try {
    const first = await wire.ask(request(ALLOCATE, [transport]));
    if (first.type === (ALLOCATE | SUCCESS)) return;
    const realm = first.attributes.get(attribute.realm);
    const nonce = first.attributes.get(attribute.nonce);
    if (realm === undefined || nonce === undefined) throw new Error(refusal(first));
    if (credentials === undefined) throw new Error("it wants credentials, and none are set: TURN_SECRET");
    const { username, credential } = credentials;
    const key = createHash("md5").update(`${username}:${realm.toString()}:${credential}`).digest();
    const signed = (method: number, field: Field) => {
      const who: Field[] = [
        [attribute.username, Buffer.from(username)],
        [attribute.realm, realm],
        [attribute.nonce, nonce],
      ];
      return request(method, [field, ...who], key);
    };
    const second = await wire.ask(signed(ALLOCATE, transport));
    if (second.type !== (ALLOCATE | SUCCESS)) throw new Error(refusal(second));
    await wire.ask(signed(REFRESH, [attribute.lifetime, Buffer.alloc(4)]));
  } finally {
    wire.close();
  }
}

function refusal({ attributes }: Answer): string {
  const error = attributes.get(attribute.errorCode);
  const code = error === undefined ? 0 : (error[2] ?? 0) * 100 + (error[3] ?? 0);
  if (code === 401) return "it refuses our credentials: TURN_SECRET must be its static-auth-secret";
  return `it refuses with ${code} ${error?.subarray(4).toString() ?? ""}`.trim();
}

type Field = readonly [type: number, value: Buffer];

function request(method: number, fields: readonly Field[], key?: Buffer): Buffer {
  const body = Buffer.concat(fields.map(encode));
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt16BE(method, 0);
  head.writeUInt16BE(body.length + (key === undefined ? 0 : INTEGRITY_BYTES), 2);
  head.writeUInt32BE(COOKIE, 4);
  randomBytes(12).copy(head, 8);
  const message = Buffer.concat([head, body]);
  if (key === undefined) return message;
  const integrity = createHmac("sha1", key).update(message).digest();
  return Buffer.concat([message, encode([attribute.integrity, integrity])]);
}

/** Values are padded to a multiple of four bytes, and their length says how many are meant. */
function encode([type, value]: Field): Buffer {
  const encoded = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  encoded.writeUInt16BE(type, 0);
  encoded.writeUInt16BE(value.length, 2);
  value.copy(encoded, 4);
  return encoded;
}

/** The answer to `asked`, if `bytes` is it and whole. */
function answerTo(asked: Buffer, bytes: Buffer): Answer | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(4, 20).equals(asked.subarray(4, 20))) return undefined;
  const end = HEADER_BYTES + bytes.readUInt16BE(2);
  if (bytes.length < end) return undefined;
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= end; ) {
    const length = bytes.readUInt16BE(at + 2);
    attributes.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, Math.min(end, at + 4 + length)));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return { type: bytes.readUInt16BE(0), attributes };
}

interface Wire {
  ask(request: Buffer): Promise<Answer>;
  close(): void;
}

/** @param url `stun:`, `stuns:`, `turn:` or `turns:`. */
function open(url: string): Wire {
  const [, scheme = "", host = "", port, transport] =
    /^(stuns?|turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$/i.exec(url) ?? [];
  const isTls = scheme.toLowerCase().endsWith("s");
  const to = { host: host.replace(/^\[|\]$/g, ""), port: Number(port ?? (isTls ? 5349 : 3478)) };
  if (isTls || transport === "tcp") return overStream(to, isTls);
  return overUdp(to);
}

interface Place {
  readonly host: string;
  readonly port: number;
}

function overUdp({ host, port }: Place): Wire {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  return {
    ask: (asked) =>
      answered((resolve, reject) => {
        socket.on("message", (bytes) => resolve(answerTo(asked, bytes)));
        socket.on("error", reject);
        const send = () => socket.send(asked, port, host, (error) => error && reject(error));
        send();
        const repeat = setInterval(send, REPEAT_MS);
        return () => clearInterval(repeat);
      }),
    close: () => socket.close(),
  };
}

function overStream(to: Place, isTls: boolean): Wire {
  const stream = isTls ? connectTls({ ...to, servername: to.host }) : connectTcp(to);
  return {
    ask: (asked) =>
      answered((resolve, reject) => {
        let bytes = Buffer.alloc(0);
        const read = (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk]);
          resolve(answerTo(asked, bytes));
        };
        stream.on("data", read);
        stream.on("error", reject);
        stream.write(asked);
        return () => stream.off("data", read);
      }),
    close: () => stream.destroy(),
  };
}

/** What `begin` resolves with, unless that is undefined; it returns how to end what it began. */
function answered(
  begin: (resolve: (answer: Answer | undefined) => void, reject: (error: Error) => void) => () => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      end();
      reject(new Error("it does not answer, so it is down or a firewall is in between"));
    }, ANSWER_WITHIN_MS);
    const finish = (act: () => void) => {
      clearTimeout(timer);
      end();
      act();
    };
    const end = begin(
      (answer) => answer !== undefined && finish(() => resolve(answer)),
      (error) => finish(() => reject(error)),
    );
  });
}
