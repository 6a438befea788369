/** For tests: the app's tracker client in Node, noting what a tracker says and waking whoever waits for it. */
import { WebSocket } from "ws";
import { SystemClock } from "../web/adapters/clock.ts";
import { WebSocketTracker } from "../web/adapters/tracker/websocket-tracker.ts";
import { type PeerId, peerId } from "../web/engine/units.ts";
import type { TrackerPeer, TrackerSignal } from "../web/ports/tracker.ts";

export class ListeningClient {
  readonly self: PeerId;
  readonly tracker: WebSocketTracker;
  readonly signals: { from: PeerId; offerId: string; signal: TrackerSignal }[] = [];
  readonly refusals: string[] = [];
  readonly states: string[] = [];
  answers: { peers: readonly TrackerPeer[] | undefined; complete: number; incomplete: number }[] = [];
  #onEvent: () => void = () => {};

  /** @param digit of which its peer id is made. */
  constructor(url: string, room: string, digit: string, left: number | null) {
    const self = peerId(digit.repeat(40));
    if (self === undefined) throw new Error(`not a peer id: ${digit}`);
    this.self = self;
    const told = (note: () => void) => {
      note();
      this.#onEvent();
    };
    this.tracker = new WebSocketTracker(
      {
        onStatus: ({ state }) => told(() => this.states.push(state)),
        onPeers: (_room, peers, complete, incomplete) =>
          told(() => this.answers.push({ peers, complete, incomplete })),
        onSignal: (_room, from, offerId, signal) => told(() => this.signals.push({ from, offerId, signal })),
        onRefused: (_room, reason) => told(() => this.refusals.push(reason)),
      },
      {
        clock: new SystemClock(),
        // What ws and the browser call a WebSocket differ only in types that are not used.
        openSocket: () => new WebSocket(url) as unknown as globalThis.WebSocket,
        random: () => 0,
        network: new EventTarget(),
      },
    );
    this.tracker.join(room, self, () => ({ uploaded: 0, downloaded: 0, left }));
  }

  /** Settles once `holds`, asked after every event, does. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#onEvent = () => {
        if (holds()) resolve();
      };
      this.#onEvent();
    });
  }
}
