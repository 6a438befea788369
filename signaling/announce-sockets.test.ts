import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AddressGate } from "./address-gate.ts";
import { attachSignaling, type Signaling } from "./announce-sockets.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { MemoryNetwork } from "./memory-directory.ts";
import { TestClient } from "./test-client.ts";

let server: Server;
let signaling: Signaling;
let url: string;
let logged: string[];
/** The directory throws when a peer enters this room, as nothing should. */
const cursedRoom = "66".repeat(20);

beforeEach(async () => {
  logged = [];
  server = createServer((_request, response) => response.end());
  signaling = attachSignaling(server, {
    limits: DEFAULT_LIMITS,
    gate: new AddressGate(DEFAULT_LIMITS),
    trustedProxies: 0,
    allowedOrigins: undefined,
    relayTimes: { add: () => undefined },
    count: (event, kind) => logged.push(`${event}: ${kind}`),
    log: { error: (details, message) => logged.push(JSON.stringify(details) + message) },
    refuseOthers: false,
    openDirectory(events) {
      const directory = new MemoryNetwork(Math.random).open(events);
      return {
        ...directory,
        enter(room, member, hasCompleted) {
          if (room === cursedRoom) throw new Error(`secrets of ${member.peer}`);
          directory.enter(room, member, hasCompleted);
        },
      };
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});

afterEach(async () => {
  await signaling.close();
  server.close();
});

describe("the tracker's sockets", () => {
  it("survive a bug of ours: it ends the socket that met it, and the log has no secrets", async () => {
    const unlucky = await TestClient.connect(url);
    unlucky.announce({ room: cursedRoom }).catch(() => undefined);
    expect((await unlucky.closed).code).toBe(1006);
    expect(logged.join()).toContain("the tracker failed to handle an input");
    expect(logged.join()).not.toContain(unlucky.peer);

    const lucky = await TestClient.connect(url);
    expect(await lucky.announce()).toMatchObject({ kind: "announced", incomplete: 1 });
    lucky.close();
  });

  it("leave the upgrades of other paths to other listeners", async () => {
    server.on("upgrade", (request, stream) => {
      if (request.url === "/other/announce") stream.end("HTTP/1.1 418 Teapot\r\nConnection: close\r\n\r\n");
    });
    await expect(TestClient.connect(`${url}/other`)).rejects.toThrow("418");
  });
});
