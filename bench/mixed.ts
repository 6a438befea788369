/**
 * Shoal and WebTorrent in one swarm: a public share of Shoal's, downloaded by both in turn, introduced by our
 * server. Beside it stands the same number of WebTorrent clients among themselves.
 */
import type { Contender } from "./contender.ts";
import { startShoal } from "./shoal.ts";
import { startWebTorrent } from "./webtorrent.ts";

export async function startMixed(): Promise<Contender> {
  const shoal = await startShoal({ isPublic: true });
  const webtorrent = await startWebTorrent(`${shoal.url.replace("http", "ws")}/announce`);
  let opened = 0;
  return {
    ...shoal,
    name: "mixed",
    open: (receiver, link, seeder) => {
      if (opened++ % 2 === 0) return shoal.open(receiver, link, seeder);
      const magnet = link.slice(link.indexOf("#") + 1);
      return webtorrent.open(receiver, encodeURIComponent(magnet), seeder);
    },
    close: async () => {
      await webtorrent.close();
      await shoal.close();
    },
  };
}
