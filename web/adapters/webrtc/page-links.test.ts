import { EventEmitter } from "node:events";
import type { SimplePeerOptions, SimplePeerSignal } from "simple-peer/simplepeer.min.js";
import { describe, expect, it } from "vitest";
import { linkId } from "../../engine/units.ts";
import { LinkRecorder } from "../../ports/links.contract.ts";
import { CONNECT_TIMEOUT_MS, type LinkOptions, type Signal } from "../../ports/links.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import { PageLinks } from "./page-links.ts";
import type { Peer } from "./peer-link.ts";

const LINK = linkId(1);
const sdp = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
const candidate = { candidate: "candidate:1 1 udp 1 a.local 9 typ host", sdpMid: "0", sdpMLineIndex: 0 };

/** What of RTCDataChannel a link touches. */
class ScriptedChannel extends EventTarget {
  readyState = "connecting";
  binaryType = "blob";
  bufferedAmount = 0;
  bufferedAmountLowThreshold = 0;
  onbufferedamountlow: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly sent: Uint8Array[] = [];

  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }

  close(): void {
    this.readyState = "closed";
  }

  open(): void {
    this.readyState = "open";
    this.dispatchEvent(new Event("open"));
  }
}

class ScriptedConnection extends EventTarget {
  readonly sctp = { maxMessageSize: 262_144 };
  closed = false;

  async getStats(): Promise<Map<string, object>> {
    return new Map();
  }

  close(): void {
    this.closed = true;
  }

  announce(channel: ScriptedChannel): void {
    this.dispatchEvent(Object.assign(new Event("datachannel"), { channel }));
  }
}

/** A simple-peer that does nothing by itself. */
class ScriptedPeer extends EventEmitter {
  readonly _pc = new ScriptedConnection();
  readonly _channel: ScriptedChannel | null;
  readonly signalled: SimplePeerSignal[] = [];
  signalFails = false;
  destroyed = false;
  readonly options: SimplePeerOptions;

  constructor(options: SimplePeerOptions) {
    super();
    this.options = options;
    this._channel = options.initiator ? new ScriptedChannel() : null;
  }

  signal(signal: SimplePeerSignal): void {
    if (this.signalFails) throw new TypeError("no such candidate");
    this.signalled.push(signal);
  }

  destroy(): void {
    this.destroyed = true;
  }
}

function beginning(initiator: boolean, options: Partial<LinkOptions> = {}) {
  const clock = new ManualClock();
  const page = new EventTarget();
  const peers: ScriptedPeer[] = [];
  const makePeer = (peerOptions: SimplePeerOptions): Peer => {
    const made = new ScriptedPeer(peerOptions);
    peers.push(made);
    return made as unknown as Peer;
  };
  const recorder = new LinkRecorder((events) => new PageLinks(events, { clock, page, makePeer }));
  recorder.begin(LINK, initiator, options);
  const [peer] = peers;
  if (peer === undefined) throw new Error("no peer was made");
  return { clock, page, peer, recorder };
}

function opened() {
  const begun = beginning(true);
  const channel = begun.peer._channel;
  if (channel === null) throw new Error("an initiator has a channel");
  channel.open();
  return { ...begun, channel };
}

const microtasks = () => Promise.resolve();

describe("beginning a link", () => {
  it("names the servers that the caller gave, and never leaves simple-peer to its own", () => {
    const iceServers = [{ urls: ["turn:example.org"], username: "u", credential: "c" }];
    expect(beginning(true, { iceServers }).peer.options.config.iceServers).toEqual(iceServers);
    expect(beginning(true).peer.options.config).toEqual({ iceServers: [], iceTransportPolicy: "all" });
  });

  it("goes only through TURN when told to", () => {
    expect(beginning(true, { relayOnly: true }).peer.options.config.iceTransportPolicy).toBe("relay");
  });

  it("trickles unless the other end cannot", () => {
    expect(beginning(true).peer.options.trickle).toBe(true);
    expect(beginning(true, { trickle: false }).peer.options.trickle).toBe(false);
  });

  it("fails, and only then, when the platform refuses another connection", async () => {
    const makePeer = () => {
      throw new Error("Cannot create so many PeerConnections");
    };
    const world = { clock: new ManualClock(), page: new EventTarget(), makePeer };
    const recorder = new LinkRecorder((events) => new PageLinks(events, world));
    recorder.begin(LINK, true);
    expect(recorder.names(LINK)).toEqual([]);
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("failed");
  });
});

describe("opening a link", () => {
  it("does not wait for simple-peer to say connect", () => {
    const { recorder } = opened();
    expect(recorder.names(LINK)).toContain("opened");
  });

  it("opens on the channel that the other end made", () => {
    const { peer, recorder } = beginning(false);
    const channel = new ScriptedChannel();
    peer._pc.announce(channel);
    expect(channel.binaryType).toBe("arraybuffer");
    expect(recorder.names(LINK)).toEqual([]);
    channel.open();
    expect(recorder.names(LINK)).toEqual(["opened"]);
  });

  it("opens once when connect comes too, first or last", () => {
    const { peer, recorder } = beginning(false);
    const channel = new ScriptedChannel();
    peer._pc.announce(channel);
    peer.emit("connect");
    channel.open();
    peer.emit("connect");
    expect(recorder.names(LINK)).toEqual(["opened"]);
  });

  it("gives up after the time to connect", async () => {
    const { clock, peer, recorder } = beginning(true);
    clock.advance(CONNECT_TIMEOUT_MS);
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("timeout");
    expect(peer._pc.closed).toBe(true);
    expect(clock.nextAlarm).toBeUndefined();
  });

  it("refuses an end that takes next to nothing per message", async () => {
    const { peer, recorder } = beginning(true);
    peer._pc.sctp.maxMessageSize = 1;
    peer._channel?.open();
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("refused");
  });

  it("says that the route is unknown when the platform never shows it", async () => {
    const { clock, recorder } = opened();
    while (recorder.route(LINK) === undefined) {
      await microtasks();
      clock.advance(1_000);
    }
    expect(recorder.route(LINK)).toBe("unknown");
  });
});

describe("signals", () => {
  it("of ours are one when all candidates are found soon", () => {
    const { peer, recorder } = beginning(true);
    peer.emit("signal", { type: "offer", sdp });
    peer.emit("signal", { type: "candidate", candidate });
    expect(recorder.signals(LINK)).toEqual([]);
    peer.emit("iceStateChange", "new", "complete");
    expect(recorder.signals(LINK)).toEqual(["offer"]);
  });

  it("of ours do not come after the link ended", async () => {
    const { clock, peer, recorder } = beginning(true);
    peer.emit("signal", { type: "offer", sdp });
    peer.emit("close");
    clock.advance(CONNECT_TIMEOUT_MS);
    await recorder.ended(LINK);
    expect(recorder.signals(LINK)).toEqual([]);
    expect(clock.nextAlarm).toBeUndefined();
  });

  it("of the other end reach simple-peer one by one, with nothing else in them", () => {
    const { peer, recorder } = beginning(true);
    const extra = { renegotiate: true, transceiverRequest: { kind: "video" } };
    const answer: Signal = { ...extra, type: "answer", sdp };
    recorder.links.signal(LINK, answer);
    recorder.links.signal(LINK, { type: "candidates", candidates: [{ ...candidate, ...extra }, candidate] });
    expect(peer.signalled).toEqual([
      { type: "answer", sdp },
      { type: "candidate", candidate },
      { type: "candidate", candidate },
    ]);
  });

  it("that the platform chokes on end the link instead of throwing", async () => {
    const { peer, recorder } = beginning(true);
    peer.signalFails = true;
    recorder.links.signal(LINK, { type: "candidates", candidates: [candidate] });
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("refused");
  });
});

describe("bytes", () => {
  it("arrive as the platform's own buffer, uncopied", () => {
    const { channel, recorder } = opened();
    const received: Uint8Array[] = [];
    recorder.onBytes = (_link, bytes) => received.push(bytes);
    const { buffer } = Uint8Array.of(1, 2, 3);
    channel.onmessage?.({ data: buffer });
    expect(received[0]?.buffer).toBe(buffer);
  });

  it("that are none are ignored", () => {
    const { channel, recorder } = opened();
    channel.onmessage?.({ data: new ArrayBuffer(0) });
    expect(recorder.names(LINK)).not.toContain("bytes");
  });

  it("are never text", async () => {
    const { channel, recorder } = opened();
    channel.onmessage?.({ data: "hello" });
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("refused");
  });
});

describe("the end of a link", () => {
  it.each([
    ["ERR_CONNECTION_FAILURE", "failed"],
    ["ERR_ICE_CONNECTION_FAILURE", "failed"],
    ["ERR_PC_CONSTRUCTOR", "failed"],
    ["ERR_SET_REMOTE_DESCRIPTION", "refused"],
    ["ERR_DATA_CHANNEL", "closed-there"],
  ])("after %s is %s", async (code, end) => {
    const { peer, recorder } = opened();
    peer.emit("error", Object.assign(new Error("x"), { code }));
    peer.emit("close");
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe(end);
    expect(recorder.names(LINK).filter((name) => name === "closed")).toHaveLength(1);
  });

  it("comes when the other end opens a second channel", async () => {
    const { peer, recorder } = opened();
    const second = new ScriptedChannel();
    peer._pc.announce(second);
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("refused");
    expect(second.readyState).toBe("closed");
  });

  it("closes channel, connection and simple-peer in the same breath, and stops listening", async () => {
    const { channel, peer, recorder } = opened();
    recorder.links.close(LINK);
    expect(channel.readyState).toBe("closed");
    expect(channel.onmessage).toBeNull();
    expect(peer._pc.closed).toBe(true);
    expect(peer.destroyed).toBe(true);
    peer.emit("signal", { type: "offer", sdp });
    await recorder.ended(LINK);
    expect(recorder.names(LINK)).toEqual(["opened", "closed"]);
  });

  it("comes to every link when the page goes away", async () => {
    const { page, peer, recorder } = opened();
    page.dispatchEvent(new Event("pagehide"));
    expect(peer._pc.closed).toBe(true);
    await recorder.ended(LINK);
    expect(recorder.end(LINK)).toBe("closed-here");
  });
});
