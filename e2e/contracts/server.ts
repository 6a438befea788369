/** Serves the adapters' sources as they are; what ships is tested by the other files. */
import { createServer } from "vite";
import { repository } from "../../tools/command.ts";

export interface ContractsServer {
  /** The page that plays the contracts. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param cacheDir where Vite keeps what it prepared. */
export async function serveContracts(cacheDir: string): Promise<ContractsServer> {
  const server = await createServer({
    root: repository,
    configFile: false,
    logLevel: "error",
    cacheDir,
    server: { host: "127.0.0.1", port: 0, watch: null, hmr: false },
    // Found only while a page loads it, it would make Vite load the page again.
    optimizeDeps: { noDiscovery: true, include: ["simple-peer/simplepeer.min.js", "idb"] },
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (address === null || typeof address !== "object") throw new Error("Vite has no address");
  return {
    url: `http://127.0.0.1:${address.port}/e2e/contracts/index.html`,
    close: () => server.close(),
  };
}
