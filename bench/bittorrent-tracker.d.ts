/** The part of bittorrent-tracker's server that the benchmark uses. */
declare module "bittorrent-tracker/server" {
  import type { Server as HttpServer } from "node:http";

  export default class Server {
    constructor(options: { udp: boolean; http: boolean; ws: boolean; stats: boolean });
    readonly http: HttpServer;
    listen(port: number, hostname: string, onListening: () => void): void;
    close(onClosed: () => void): void;
    on(event: "error" | "warning", listener: (error: Error) => void): void;
  }
}
