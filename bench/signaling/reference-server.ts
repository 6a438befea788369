/** bittorrent-tracker's server as a program, with the settings that it comes with, for WebSockets alone. */
import type { AddressInfo } from "node:net";
import Server from "bittorrent-tracker/server";

const server = new Server({ udp: false, http: false, ws: true, stats: false });
server.on("warning", () => undefined);
server.listen(0, "127.0.0.1", () => {
  const { port } = server.http.address() as AddressInfo;
  process.stdout.write(`bittorrent-tracker is at http://127.0.0.1:${port}\n`);
});
