/** WebTorrent's browser bundle with its own tracker, both unchanged and with the settings that they come with. */
import type { AddressInfo } from "node:net";
import Server from "bittorrent-tracker/server";
import type { Contender, PageMarks } from "./contender.ts";
import { type StaticServer, servePages } from "./static-server.ts";

interface WebTorrentPage extends PageMarks {
  link?: string;
  uploaded(): number;
}

/** @param foreignTracker `ws:` address of the tracker to use in place of its own. */
export async function startWebTorrent(foreignTracker?: string): Promise<Contender> {
  // Its store is shared by all tabs of an origin, so each person gets an origin of their own: a port.
  const servers: StaticServer[] = [];
  const newHome = async () => {
    const server = await servePages();
    servers.push(server);
    return `${server.url}/webtorrent.html?tracker=${encodeURIComponent(foreignTracker ?? `ws://127.0.0.1:${port}`)}`;
  };
  const tracker = new Server({ udp: false, http: false, ws: true, stats: false });
  await new Promise<void>((resolve) => tracker.listen(0, "127.0.0.1", resolve));
  const { port } = tracker.http.address() as AddressInfo;
  return {
    name: "webtorrent",
    seed: async (page, path) => {
      await page.goto(await newHome());
      await page.locator("input").setInputFiles(path);
      const link = await page.waitForFunction(() => (window.bench as WebTorrentPage).link, undefined, {
        timeout: 120_000,
      });
      return encodeURIComponent(String(await link.jsonValue()));
    },
    open: async (receiver, link) => {
      await receiver.goto(`${await newHome()}#${link}`);
    },
    uploaded: (seeder) => seeder.evaluate(() => (window.bench as WebTorrentPage).uploaded()),
    close: async () => {
      await new Promise<void>((resolve) => tracker.close(resolve));
      for (const server of servers) await server.close();
    },
  };
}
