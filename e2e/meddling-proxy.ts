/**
 * Stands where the server stands: between the tabs and the real one, for pages and for signals.
 *
 * Invariants
 *  1. Notes every request line and header, and every text of every WebSocket in both directions.
 *  2. What tabs are told goes through `meddle` first.
 */
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

export interface MeddlingProxy {
  readonly url: string;
  /** All that a server in this place has seen so far. */
  seen(): string;
  close(): Promise<void>;
}

export async function startMeddlingProxy(
  serverUrl: string,
  meddle: (text: string) => string = (text) => text,
): Promise<MeddlingProxy> {
  const seen: string[] = [];
  const server = createServer((asked, answer) => {
    seen.push(`${asked.method} ${asked.url} ${JSON.stringify(asked.headers)}`);
    const { method, headers, url } = asked;
    const onward = request(serverUrl + url, { method, headers }, (answered) => {
      answer.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  const webSockets = new WebSocketServer({ server });
  webSockets.on("connection", (tab, asked) => {
    seen.push(`${asked.url} ${JSON.stringify(asked.headers)}`);
    const real = new WebSocket(serverUrl.replace("http", "ws") + asked.url);
    // A tab may leave before that.
    const opened = once(real, "open").then(
      () => true,
      () => false,
    );
    tab.on("message", async (data) => {
      seen.push(data.toString());
      if (await opened) real.send(data.toString());
    });
    real.on("message", (data) => {
      seen.push(data.toString());
      tab.send(meddle(data.toString()));
    });
    tab.on("close", () => real.terminate());
    real.on("close", () => tab.terminate());
    real.on("error", () => tab.terminate());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => seen.join("\n"),
    close: async () => {
      for (const tab of webSockets.clients) tab.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
