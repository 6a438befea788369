/**
 * Ranges by the browser's own `fetch`: no cookies, no referrer, nothing kept in its cache.
 *
 * The one header that is sent is a single `Range`, for which no server has to be asked beforehand (Fetch standard,
 * "CORS-safelisted request-header"). `Content-Range` of another site cannot be read here unless it allows that: what
 * comes is checked against the torrent's hashes anyway.
 */
import { RangeFetchError } from "../ports/range-fetch.ts";

const PARTIAL_CONTENT = 206;
const OK = 200;
const TOO_MANY_REQUESTS = 429;
const REQUEST_TIMEOUT = 408;
const SERVER_ERRORS = 500;

/** Implements `RangeFetch`. */
export async function* fetchRange(
  url: string,
  begin: number,
  end: number,
  isAllowed: (url: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const response = await ask(url, begin, end, signal);
  if (!isAllowed(response.url)) {
    void response.body?.cancel().catch(() => {});
    throw new RangeFetchError("led-astray");
  }
  if (response.status !== PARTIAL_CONTENT && !(response.status === OK && begin === 0)) {
    void response.body?.cancel().catch(() => {});
    throw new RangeFetchError(reasonOf(response.status));
  }
  const wanted = end - begin;
  let received = 0;
  const reader = response.body?.getReader();
  try {
    while (received < wanted) {
      const { value, done } = (await read(reader, signal)) ?? { value: undefined, done: true };
      if (done || value === undefined) throw new RangeFetchError("too-short");
      const chunk = value.subarray(0, wanted - received);
      received += chunk.length;
      yield chunk;
    }
  } finally {
    // A whole file was sent, or nobody wants the rest.
    void reader?.cancel().catch(() => {});
  }
}

async function ask(url: string, begin: number, end: number, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { Range: `bytes=${begin}-${end - 1}` },
      mode: "cors",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
      signal,
    });
  } catch {
    signal.throwIfAborted();
    throw new RangeFetchError("unreachable");
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array> | undefined, signal: AbortSignal) {
  try {
    return await reader?.read();
  } catch {
    signal.throwIfAborted();
    throw new RangeFetchError("unreachable");
  }
}

function reasonOf(status: number): RangeFetchError["reason"] {
  if (status === OK) return "no-ranges";
  if (status === TOO_MANY_REQUESTS || status === REQUEST_TIMEOUT || status >= SERVER_ERRORS) return "busy";
  return "not-there";
}
