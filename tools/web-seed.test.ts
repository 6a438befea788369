/** Reading ranges from real HTTP servers: good ones, and those that do what servers do. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { fetchRange } from "../web/adapters/range-fetch.ts";
import { RangeFetchError } from "../web/ports/range-fetch.ts";

const content = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i + (i >> 8)) & 255);
let server: Server | undefined;

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((listening) => server?.listen(0, "127.0.0.1", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((closed) => server?.close(closed) ?? closed(undefined));
  server = undefined;
});

async function read(url: string, begin: number, end: number, isAllowed = () => true): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of fetchRange(url, begin, end, isAllowed, new AbortController().signal))
    chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function reasonOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return "none";
  } catch (error) {
    return error instanceof RangeFetchError ? error.reason : String(error);
  }
}

const honest: RequestListener = (request, response) => {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  response.writeHead(206, { "content-range": `bytes ${from}-${to}/${content.length}` });
  response.end(content.subarray(Number(from), Number(to) + 1));
};

describe("a web seed's server", () => {
  it("gives the range that was asked for", async () => {
    const url = await serve(honest);
    expect(Buffer.compare(await read(url, 0, 10), content.subarray(0, 10))).toBe(0);
    expect(Buffer.compare(await read(url, 99_000, 100_000), content.subarray(99_000))).toBe(0);
  });

  it("is told neither who we are nor where we come from", async () => {
    let headers: object = {};
    const url = await serve((request, response) => {
      headers = request.headers;
      honest(request, response);
    });
    await read(url, 0, 1);
    expect(headers).not.toHaveProperty("cookie");
    expect(headers).not.toHaveProperty("referer");
    expect(headers).toMatchObject({ range: "bytes=0-0" });
  });

  it("that knows no ranges is of use only for the beginning of a file", async () => {
    const url = await serve((_request, response) => response.end(content));
    expect(Buffer.compare(await read(url, 0, 500), content.subarray(0, 500))).toBe(0);
    expect(await reasonOf(read(url, 1, 500))).toBe("no-ranges");
  });

  it.each([
    [404, "not-there"],
    [403, "not-there"],
    [416, "not-there"],
    [429, "busy"],
    [503, "busy"],
    [500, "busy"],
  ])("that answers %i is %s", async (status, reason) => {
    const url = await serve((_request, response) => response.writeHead(status).end());
    expect(await reasonOf(read(url, 0, 10))).toBe(reason);
  });

  it("that sends us elsewhere is followed only to where we may go", async () => {
    const url = await serve((request, response) => {
      if (request.url === "/file") response.writeHead(302, { location: "/moved" }).end();
      else honest(request, response);
    });
    expect(await reasonOf(read(url, 0, 10))).toBe("none");
    expect(await reasonOf(read(url, 0, 10, () => false))).toBe("led-astray");
  });

  it("whose file ends too early, and one that hangs up, are told apart from good ones", async () => {
    const short = await serve((_request, response) => response.writeHead(206).end(content.subarray(0, 5)));
    expect(await reasonOf(read(short, 0, 10))).toBe("too-short");
    await new Promise((closed) => server?.close(closed));
    const rude = await serve((request) => request.socket.destroy());
    expect(await reasonOf(read(rude, 0, 10))).toBe("unreachable");
  });

  it("that sends more than was asked for is not listened to further", async () => {
    const url = await serve((_request, response) => response.writeHead(206).end(content));
    expect((await read(url, 0, 10)).length).toBe(10);
  });

  it("that does not answer is left when the patience of the caller ends", async () => {
    const url = await serve(() => {});
    const patience = new AbortController();
    const reading = fetchRange(url, 0, 10, () => true, patience.signal)
      [Symbol.asyncIterator]()
      .next();
    patience.abort(new Error("long enough"));
    expect(await reasonOf(reading)).toBe("Error: long enough");
  });
});
