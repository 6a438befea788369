/** An HTTP server that has files of a torrent, as mirrors have them: with ranges, and open to pages of any site. */
import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, normalize } from "node:path";

export interface WebSeedServer {
  /** Ends in "/". */
  readonly url: string;
  /** Ranges asked for so far. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Serves the files below `folder`. */
export async function startWebSeed(folder: string): Promise<WebSeedServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.range}`);
    serve(folder, request, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function serve(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const path = join(folder, normalize(decodeURIComponent(new URL(request.url ?? "", "http://x").pathname)));
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || from === undefined || to === undefined) {
    response.writeHead(404, { "access-control-allow-origin": "*" }).end();
    return;
  }
  const [start, end] = [Number(from), Math.min(Number(to), stat.size - 1)];
  response.writeHead(206, {
    "access-control-allow-origin": "*",
    "content-range": `bytes ${start}-${end}/${stat.size}`,
    "content-length": end - start + 1,
  });
  createReadStream(path, { start, end }).pipe(response);
}
