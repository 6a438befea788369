/** `npm run dev` as one process on one port: the tracker on Vite's own server, beside its hot reload. */
import type { ServerResponse } from "node:http";
import { Server } from "node:http";
import type { Plugin } from "vite";
import { clientAddress } from "./address.ts";
import { AddressGate } from "./address-gate.ts";
import { attachSignaling } from "./announce-sockets.ts";
import { readConfig } from "./config.ts";
import { configEndpoint } from "./config-endpoint.ts";

/** Mounts `/announce`, `/config` and `/healthz`. Reads the same environment as the server. */
export function signaling(): Plugin {
  return {
    name: "shoal-signaling",
    apply: "serve",
    configureServer(vite) {
      const read = readConfig({ ...process.env, HOST: "127.0.0.1" });
      if (!read.ok) throw new Error(read.mistakes.join("\n"));
      const { config } = read;
      if (!(vite.httpServer instanceof Server)) return;
      const gate = new AddressGate(config.limits);
      const tracker = attachSignaling(vite.httpServer, {
        ...config,
        gate,
        count: () => undefined,
        relayTimes: { add: () => undefined },
        log: { error: (_details, message) => vite.config.logger.error(message) },
        openDirectory: undefined,
        refuseOthers: false,
      });
      const configOf = configEndpoint(config.ice, gate);
      vite.httpServer.once("close", () => void tracker.close());
      vite.middlewares.use("/config", (request, response) => {
        const answer = configOf(clientAddress(request, config.trustedProxies));
        say(response, answer === undefined ? 429 : 200, answer ?? {});
      });
      vite.middlewares.use("/healthz", (_request, response) => {
        say(response, 200, { status: "ok", ...tracker.figures() });
      });
    },
  };
}

function say(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
