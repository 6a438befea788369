/**
 * One link over one simple-peer. simple-peer makes the connection; the data channel is ours from the moment
 * that it exists, so that opening does not wait for its polling and bytes take no way through its stream.
 *
 * Invariants
 *  1. Those of the port: events in order, one end, nothing after it.
 *  2. One channel per connection: an end that opens another one is refused.
 *  3. When the link ends, channel and connection are closed in the same breath and nothing refers to them.
 */
import type SimplePeer from "simple-peer/simplepeer.min.js";
import { type LinkId, millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { CONNECT_TIMEOUT_MS, type LinkEnd, type LinkEvents, type Signal } from "../../ports/links.ts";
import { ChannelSender } from "./channel-sender.ts";
import { DEFAULT_MESSAGE_BYTES, MIN_MESSAGE_BYTES, ROUTE_LOOK_MS, ROUTE_LOOKS } from "./limits.ts";
import { OutgoingSignals } from "./outgoing-signals.ts";
import { routeOf } from "./route.ts";
import { SignalGate } from "./signal-gate.ts";

/** The part of simple-peer that a link uses. */
export type Peer = Pick<SimplePeer, "_pc" | "_channel" | "on" | "signal" | "destroy">;

export class PeerLink {
  readonly #link: LinkId;
  readonly #peer: Peer;
  readonly #clock: Clock;
  readonly #events: LinkEvents;
  readonly #gate: SignalGate;
  readonly #outgoing: OutgoingSignals;
  #state: "connecting" | "open" | "ended" = "connecting";
  #connection: RTCPeerConnection | undefined;
  #channel: RTCDataChannel | undefined;
  #sender: ChannelSender | undefined;
  /** The one timer of the link: its connect timeout, then the next look at its route. */
  #cancelTimer: () => void;

  /** `events` gets `onClosed` once, and not before the constructor has returned. */
  constructor(link: LinkId, initiator: boolean, peer: Peer, clock: Clock, events: LinkEvents) {
    this.#link = link;
    this.#peer = peer;
    this.#clock = clock;
    this.#events = events;
    this.#gate = new SignalGate(initiator);
    this.#outgoing = new OutgoingSignals(
      clock,
      () => this.#connection?.localDescription?.sdp,
      (ours) => events.onSignal(link, ours),
    );
    this.#cancelTimer = clock.at(millis(clock.now() + CONNECT_TIMEOUT_MS), () => this.end("timeout"));

    peer.on("signal", (ours) => {
      if (this.#state !== "ended") this.#outgoing.add(ours);
    });
    peer.on("connect", () => this.#onOpen());
    peer.on("iceStateChange", (_connection, gathering) => {
      if (gathering === "complete" && this.#state !== "ended") this.#outgoing.gathered();
    });
    peer.on("error", ({ code }) => this.end(this.#endFor(code)));
    peer.on("close", () => this.end("closed-there"));

    // Without a connection simple-peer has failed to make one and is about to say so.
    if (!peer._pc) return;
    this.#connection = peer._pc;
    this.#connection.addEventListener("datachannel", this.#onChannel);
    if (peer._channel) this.#adopt(peer._channel);
  }

  signal(signal: Signal): void {
    if (!this.#gate.admit(signal)) {
      this.end("refused");
      return;
    }
    try {
      if (signal.type !== "candidates") this.#peer.signal({ type: signal.type, sdp: signal.sdp });
      else {
        for (const { candidate, sdpMid, sdpMLineIndex } of signal.candidates) {
          this.#peer.signal({ type: "candidate", candidate: { candidate, sdpMid, sdpMLineIndex } });
        }
      }
    } catch {
      // The platform could not make sense of it.
      this.end("refused");
    }
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    this.#sender?.send(bytes);
  }

  end(end: LinkEnd): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    this.#cancelTimer();
    this.#outgoing.stop();
    this.#sender?.stop();
    this.#sender = undefined;
    if (this.#channel) {
      this.#channel.onmessage = null;
      this.#channel.removeEventListener("open", this.#onOpen);
      this.#channel.close();
      this.#channel = undefined;
    }
    this.#connection?.removeEventListener("datachannel", this.#onChannel);
    this.#connection?.close();
    this.#connection = undefined;
    this.#peer.destroy();
    queueMicrotask(() => this.#events.onClosed(this.#link, end));
  }

  readonly #onChannel = ({ channel }: RTCDataChannelEvent): void => {
    if (this.#channel) {
      channel.close();
      this.end("refused");
    } else this.#adopt(channel);
  };

  /** Runs in the task in which simple-peer set up the channel, so nothing was missed. */
  #adopt(channel: RTCDataChannel): void {
    this.#channel = channel;
    channel.binaryType = "arraybuffer";
    channel.onmessage = ({ data }) => this.#onMessage(data);
    if (channel.readyState === "open") this.#onOpen();
    else channel.addEventListener("open", this.#onOpen);
  }

  readonly #onOpen = (): void => {
    if (this.#state !== "connecting" || !this.#channel) return;
    const maxMessageBytes = this.#connection?.sctp?.maxMessageSize ?? DEFAULT_MESSAGE_BYTES;
    if (maxMessageBytes < MIN_MESSAGE_BYTES) {
      this.end("refused");
      return;
    }
    this.#state = "open";
    this.#cancelTimer();
    this.#sender = new ChannelSender(this.#channel, maxMessageBytes, this.#clock, {
      onFlushed: (count) => this.#events.onFlushed(this.#link, count),
      onBroken: () => this.end("failed"),
    });
    this.#events.onOpened(this.#link);
    this.#lookForRoute(ROUTE_LOOKS);
  };

  #onMessage(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) this.end("refused");
    else if (data.byteLength > 0) this.#events.onBytes(this.#link, new Uint8Array(data));
  }

  async #lookForRoute(looks: number): Promise<void> {
    const report = await this.#connection?.getStats().catch(() => undefined);
    if (this.#state !== "open") return;
    const route = report ? routeOf(report) : "unknown";
    if (route !== "unknown" || looks <= 1) {
      this.#events.onRoute(this.#link, route);
      return;
    }
    this.#cancelTimer = this.#clock.at(millis(this.#clock.now() + ROUTE_LOOK_MS), () => {
      this.#lookForRoute(looks - 1);
    });
  }

  #endFor(code: string | undefined): LinkEnd {
    switch (code) {
      case "ERR_SIGNALING":
      case "ERR_SET_REMOTE_DESCRIPTION":
      case "ERR_CREATE_ANSWER":
      case "ERR_ADD_ICE_CANDIDATE":
        return "refused";
      case "ERR_DATA_CHANNEL":
        // A connection that the other end closes aborts its channels, which is an error to the platform.
        return this.#state === "open" ? "closed-there" : "failed";
      default:
        return "failed";
    }
  }
}
