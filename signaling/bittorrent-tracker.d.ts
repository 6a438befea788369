/** The part of bittorrent-tracker's client that the interop test uses. */
declare module "bittorrent-tracker/client" {
  import type { EventEmitter } from "node:events";

  interface Options {
    readonly infoHash: string;
    readonly peerId: string;
    readonly announce: readonly string[];
    readonly port: number;
    readonly wrtc: object;
  }

  export default class Client extends EventEmitter {
    constructor(options: Options);
    start(options?: object): void;
    update(options?: object): void;
    complete(options?: object): void;
    stop(options?: object): void;
    scrape(): void;
    destroy(callback: () => void): void;
  }
}
