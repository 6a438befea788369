/**
 * The part of simple-peer 9.11.1 that we use, by its prebuilt file: the package's own entry needs Node's
 * `global`, `process` and streams. `_pc` and `_channel` are private there; they are declared because the
 * channel's open event, its buffer and its statistics cannot be reached otherwise.
 */
declare module "simple-peer/simplepeer.min.js" {
  export interface SimplePeerOptions {
    initiator: boolean;
    /** Keeps message boundaries, and does not copy. */
    objectMode: true;
    trickle: boolean;
    /** ms after the first candidate; only without trickle. */
    iceCompleteTimeout: number;
    /** Always given: simple-peer's default contacts the STUN servers of others. */
    config: RTCConfiguration;
  }

  export type SimplePeerSignal =
    | { type: "offer" | "answer"; sdp: string }
    | {
        type: "candidate";
        candidate: { candidate: string; sdpMid: string | null; sdpMLineIndex: number | null };
      };

  interface SimplePeerEvents {
    /** Never "renegotiate" or "transceiverRequest": those follow from media, which we have none of. */
    signal: (signal: SimplePeerSignal) => void;
    connect: () => void;
    close: () => void;
    error: (error: Error & { code?: string }) => void;
    iceStateChange: (connection: RTCIceConnectionState, gathering: RTCIceGatheringState) => void;
  }

  export default class SimplePeer {
    constructor(options: SimplePeerOptions);
    /** Undefined when the platform refused to make it, null when destroyed. */
    readonly _pc: RTCPeerConnection | null | undefined;
    /** At once for the initiator, from the `datachannel` event on otherwise. */
    readonly _channel: RTCDataChannel | null;
    on<Name extends keyof SimplePeerEvents>(name: Name, listener: SimplePeerEvents[Name]): this;
    /** May throw. */
    signal(signal: SimplePeerSignal): void;
    destroy(): void;
  }
}
