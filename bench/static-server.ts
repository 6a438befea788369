/** Serves the benchmark's own pages and the WebTorrent bundle on a free port of this machine. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  "/raw.html": { file: import.meta.resolve("./pages/raw.html"), type: "text/html" },
  "/webtorrent.html": { file: import.meta.resolve("./pages/webtorrent.html"), type: "text/html" },
  "/interop.html": { file: import.meta.resolve("../e2e/interop/pages/webtorrent.html"), type: "text/html" },
  "/webtorrent.min.js": {
    file: import.meta.resolve("webtorrent/dist/webtorrent.min.js"),
    type: "text/javascript",
  },
};

export interface StaticServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function servePages(): Promise<StaticServer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const known = FILES[pathname];
    if (known === undefined) {
      response.writeHead(404).end();
      return;
    }
    const body = await readFile(new URL(known.file));
    response.writeHead(200, { "content-type": known.type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
