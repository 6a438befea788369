/**
 * The client that WebTorrent itself uses, against our server. Its WebRTC is replaced by a stand-in that makes
 * offers and answers and never connects, since Node has none.
 */
import { once } from "node:events";
import { register } from "node:module";
import type Client from "bittorrent-tracker/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { type RunningServer, startServer } from "./server.ts";
import { TestClient, testRoom } from "./test-client.ts";

const webrtcStandIn = `
  let made = 0;
  export class RTCPeerConnection {
    number = ++made;
    iceConnectionState = "new";
    iceGatheringState = "complete";
    signalingState = "stable";
    createDataChannel(label) { return { label, readyState: "connecting", close() {} }; }
    async createOffer() { return { type: "offer", sdp: "v=0 offer " + this.number }; }
    async createAnswer() { return { type: "answer", sdp: "v=0 answer to " + this.remoteDescription.sdp }; }
    async setRemoteDescription(description) { this.remoteDescription = description; }
    async setLocalDescription(description) {
      this.localDescription = description;
      queueMicrotask(() => this.onicecandidate({ candidate: null }));
    }
    close() {}
  }
  export const RTCSessionDescription = function (description) { return description; };
  export const RTCIceCandidate = RTCSessionDescription;`;

const asModule = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

register(
  asModule(`export const resolve = (name, context, next) =>
    name === "webrtc-polyfill" ? { url: ${JSON.stringify(asModule(webrtcStandIn))}, shortCircuit: true } : next(name, context);`),
);
const { default: TrackerClient } = await import("bittorrent-tracker/client");

interface IntroducedPeer {
  readonly id: string;
  readonly initiator: boolean;
  destroy(): void;
}

let server: RunningServer;
let clients: Client[];
let warnings: string[];

beforeEach(async () => {
  const config = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent" });
  if (!config.ok) throw new Error("the test's configuration is wrong");
  server = await startServer(config.config);
  clients = [];
  warnings = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => new Promise<void>((done) => client.destroy(done))));
  await server.close();
});

/** `socket` tells clients apart that shall not share a WebSocket, which those with the same address do. */
function webtorrent(peerId: string, socket: string): Client {
  const announce = [`${server.url.replace("http", "ws")}/announce?${socket}`];
  const client = new TrackerClient({ infoHash: testRoom, peerId, announce, port: 6881, wrtc: {} });
  client.on("warning", (warning: Error) => warnings.push(warning.message));
  client.on("error", (error: Error) => warnings.push(error.message));
  clients.push(client);
  return client;
}

async function introduced(client: Client): Promise<IntroducedPeer> {
  const [peer] = (await once(client, "peer")) as [IntroducedPeer];
  return peer;
}

const ann = "80".repeat(20);
const bob = "ff".repeat(20);

describe("bittorrent-tracker's client", () => {
  it.each([
    ["on sockets of their own", "1", "2"],
    ["on one socket", "1", "1"],
  ])("is introduced to another one, %s", async (_, socketOfAnn, socketOfBob) => {
    const seed = webtorrent(ann, socketOfAnn);
    seed.start({ left: 0, numwant: 5 });
    const [update] = await once(seed, "update");
    expect(update).toMatchObject({ complete: 1, incomplete: 0, interval: 120, infoHash: testRoom });

    const magnet = webtorrent(bob, socketOfBob);
    const offered = introduced(seed);
    const answered = introduced(magnet);
    magnet.start({ left: null, numwant: 5 });
    expect(await offered).toMatchObject({ id: bob, initiator: false });
    expect(await answered).toMatchObject({ id: ann, initiator: true });
    for (const peer of [await offered, await answered]) peer.destroy();

    magnet.complete({ left: 0 });
    const [completed] = await once(magnet, "update");
    expect(completed).toMatchObject({ complete: 2, incomplete: 0 });
    magnet.scrape();
    const [scraped] = await once(magnet, "scrape");
    expect(scraped).toMatchObject({ complete: 2, incomplete: 0, downloaded: 1, infoHash: testRoom });
    expect(warnings).toEqual([]);
  });

  it("answers an offer that one of ours targets to it", async () => {
    const theirs = webtorrent(ann, "1");
    theirs.start({ left: 5, numwant: 0 });
    await once(theirs, "update");
    const ours = await TestClient.connect(server.url);
    expect(await ours.announce()).toMatchObject({ peers: [{ peer: ann, complete: false, extended: false }] });
    const offered = introduced(theirs);
    ours.signal("offer", ann, "v=0 ours");
    expect(await offered).toMatchObject({ id: ours.peer });
    expect(await ours.next()).toEqual({
      kind: "answer",
      room: testRoom,
      from: ann,
      offerId: ours.offerId,
      text: "v=0 answer to v=0 ours",
      extended: false,
    });
    (await offered).destroy();
    ours.close();
    expect(warnings).toEqual([]);
  });

  it("keeps its socket and hears why when a message of its own is refused", async () => {
    const client = webtorrent(ann, "1");
    client.start({ left: 0, numwant: 0 });
    await once(client, "update");
    client.update({ left: "nonsense", numwant: 0 });
    const [warning] = await once(client, "warning");
    expect((warning as Error).message).toContain("left");
    client.update({ left: 0, numwant: 0 });
    expect((await once(client, "update"))[0]).toMatchObject({ complete: 1 });
  });
});
