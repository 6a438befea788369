/** What goes into the hub, as facts in the past tense, and what comes out of it, as orders. */
import type { Answer, NodeId, Parcel, Question } from "./directory.ts";
import type { ClientMessage, ServerMessage } from "./messages.ts";
import type { SocketId } from "./presences.ts";
import type { Member } from "./swarm.ts";

export type Input =
  | { readonly type: "socket-opened" | "pong-received" | "socket-closed"; readonly socket: SocketId }
  | { readonly type: "text-received"; readonly socket: SocketId; readonly text: string }
  /** The answer to the last `ask` for this socket. */
  | { readonly type: "answered"; readonly socket: SocketId; readonly answer: Answer | undefined }
  | { readonly type: "parcel-received"; readonly parcel: Parcel }
  | { readonly type: "directory-recovered" | "woke" };

export type Output =
  | { readonly type: "send"; readonly socket: SocketId; readonly message: ServerMessage }
  | { readonly type: "ping"; readonly socket: SocketId }
  | Close
  | OrderToDirectory;

/** Only of a hub that is one of several. */
export type OrderToDirectory =
  | { readonly type: "ask"; readonly socket: SocketId; readonly question: Question }
  | {
      readonly type: "enter";
      readonly room: string;
      readonly member: Member<unknown>;
      readonly hasCompleted: boolean;
    }
  | { readonly type: "leave"; readonly room: string; readonly peer: string }
  | { readonly type: "forward"; readonly node: NodeId; readonly parcel: Parcel };

export interface Close {
  readonly type: "close";
  readonly socket: SocketId;
  /** RFC 6455 §7.4.1. */
  readonly code: 1000 | 1001 | 1008;
  readonly reason: CloseReason;
}

export type CloseReason = "idle" | "no sign of life" | "too many messages";

/** What is in the hub right now. */
export interface HubFigures {
  readonly sockets: number;
  readonly swarms: number;
  readonly peers: number;
  readonly offers: number;
  /** Messages since the start, by kind. */
  readonly received: Readonly<Record<ReceivedKind, number>>;
}

export type ReceivedKind = ClientMessage["kind"] | "malformed";
