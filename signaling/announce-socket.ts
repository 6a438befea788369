/** One client's WebSocket, its name, and what is about to be said on it. */
import type { Duplex } from "node:stream";
import { WebSocket } from "ws";
import type { SocketId } from "./presences.ts";
import { textFrames } from "./text-frames.ts";

export class AnnounceSocket extends WebSocket {
  id: SocketId = 0;
  /** The connection under it. */
  stream: Duplex | undefined = undefined;
  #said: string[] | undefined = undefined;
  #saidLength = 0;

  /** What is not at the other end yet, in bytes as far as they are written, in characters before that. */
  get waitingLength(): number {
    return this.bufferedAmount + this.#saidLength;
  }

  /** Keeps `text` for the next `flush`. True when it is the first since the last one. */
  say(text: string): boolean {
    this.#saidLength += text.length;
    if (this.#said !== undefined) {
      this.#said.push(text);
      return false;
    }
    this.#said = [text];
    return true;
  }

  flush(): void {
    const said = this.#said;
    this.#said = undefined;
    this.#saidLength = 0;
    if (said !== undefined && this.readyState === WebSocket.OPEN) this.stream?.write(textFrames(said));
  }
}
