import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { textFrames } from "./text-frames.ts";

let server: WebSocketServer;
let write: (bytes: Buffer) => void;
let client: WebSocket;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (_socket, request) => {
    write = (bytes) => request.socket.write(bytes);
  });
  await once(server, "listening");
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await once(client, "open");
});

afterAll(() => {
  client.terminate();
  server.close();
});

/** What a WebSocket reads when the frames of `texts` are written. */
async function read(texts: readonly string[]): Promise<string[]> {
  const received: string[] = [];
  const all = new Promise<void>((resolve) => {
    client.on("message", (data, isBinary) => {
      received.push(isBinary ? "binary" : data.toString());
      if (received.length === texts.length) resolve();
    });
  });
  write(textFrames(texts));
  await all;
  client.removeAllListeners("message");
  return received;
}

describe("[RFC 6455 §5.2] texts as frames", () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    "of %i bytes are read as they were",
    async (length) => {
      const text = "x".repeat(length);
      expect(await read([text])).toEqual([text]);
    },
  );

  it("follow each other in one buffer, whatever characters they have", async () => {
    const texts = ["\u0000\u00e9\u00ff", '{"a":1}', "€ and 🐟", "y".repeat(300)];
    expect(await read(texts)).toEqual(texts);
  });
});
