import { createServer, type ViteDevServer } from "vite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { parseServerConfig } from "./messages.ts";
import { TestClient } from "./test-client.ts";
import { signaling } from "./vite-plugin.ts";

let vite: ViteDevServer;
let url: string;

beforeEach(async () => {
  vite = await createServer({
    configFile: false,
    root: import.meta.dirname,
    logLevel: "silent",
    optimizeDeps: { noDiscovery: true },
    server: { host: "127.0.0.1", port: 0, strictPort: false },
    plugins: [signaling()],
  });
  await vite.listen();
  url = vite.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
});

afterEach(() => vite.close());

describe("Vite's own server", () => {
  it("introduces tabs too, and keeps its hot reload", async () => {
    const client = await TestClient.connect(url);
    expect(await client.announce()).toMatchObject({ kind: "announced", incomplete: 1 });

    const hotReload = new WebSocket(
      `${url.replace("http", "ws")}/?token=${vite.config.webSocketToken}`,
      "vite-hmr",
    );
    const [greeting] = await new Promise<unknown[]>((resolve, reject) => {
      hotReload.once("message", (...message) => resolve(message));
      hotReload.once("error", reject);
    });
    expect(String(greeting)).toContain("connected");
    hotReload.close();
    client.close();
  });

  it("says the configuration and how it is", async () => {
    expect(parseServerConfig(await (await fetch(`${url}/config`)).text()).ok).toBe(true);
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: "ok" });
  });
});
