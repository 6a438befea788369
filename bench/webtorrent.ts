/** WebTorrent's browser bundle with its own tracker, both unchanged and with the settings that they come with. */
import type { AddressInfo } from "node:net";
import Server from "bittorrent-tracker/server";
import type { Contender, PageMarks } from "./contender.ts";
import { servePages } from "./static-server.ts";

interface WebTorrentPage extends PageMarks {
  link?: string;
  uploaded(): number;
}

export async function startWebTorrent(): Promise<Contender> {
  const pages = await servePages();
  const tracker = new Server({ udp: false, http: false, ws: true, stats: false });
  await new Promise<void>((resolve) => tracker.listen(0, "127.0.0.1", resolve));
  const { port } = tracker.http.address() as AddressInfo;
  const home = `${pages.url}/webtorrent.html?tracker=${encodeURIComponent(`ws://127.0.0.1:${port}`)}`;
  return {
    name: "webtorrent",
    seed: async (page, path) => {
      await page.goto(home);
      await page.locator("input").setInputFiles(path);
      const link = await page.waitForFunction(() => (window.bench as WebTorrentPage).link, undefined, {
        timeout: 120_000,
      });
      return `${home}#${encodeURIComponent(String(await link.jsonValue()))}`;
    },
    open: async (receiver, link) => {
      await receiver.goto(link);
    },
    uploaded: (seeder) => seeder.evaluate(() => (window.bench as WebTorrentPage).uploaded()),
    close: async () => {
      await new Promise<void>((resolve) => tracker.close(resolve));
      await pages.close();
    },
  };
}
