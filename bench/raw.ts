/** One ordered, reliable RTCDataChannel from page to page: what the platform gives when nobody checks anything. */
import type { Page } from "@playwright/test";
import type { Contender } from "./contender.ts";
import { servePages } from "./static-server.ts";

interface RawPage {
  offer(size: number): Promise<{ index: number; description: RTCSessionDescriptionInit }>;
  answer(offered: RTCSessionDescriptionInit, size: number): Promise<RTCSessionDescriptionInit>;
  accept(index: number, answer: RTCSessionDescriptionInit): Promise<void>;
  uploaded(): number;
}

const bench = (page: Page) => page.evaluateHandle(() => window.bench as unknown as RawPage);

export async function startRaw(): Promise<Contender> {
  const server = await servePages();
  let size = 0;
  return {
    name: "raw",
    seed: async (page, _path, bytes) => {
      size = bytes;
      await page.goto(`${server.url}/raw.html`);
      return `${server.url}/raw.html`;
    },
    open: async (receiver, link, seeder) => {
      await receiver.goto(link);
      const sending = await bench(seeder);
      const receiving = await bench(receiver);
      const { index, description } = await sending.evaluate((page, bytes) => page.offer(bytes), size);
      const answer = await receiving.evaluate((page, [offer, bytes]) => page.answer(offer, bytes), [
        description,
        size,
      ] as const);
      await sending.evaluate((page, [which, answered]) => page.accept(which, answered), [
        index,
        answer,
      ] as const);
    },
    uploaded: async (seeder) => (await bench(seeder)).evaluate((page) => page.uploaded()),
    close: () => server.close(),
  };
}
