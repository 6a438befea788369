/** One person with WebTorrent from npm, unchanged, in a page of an origin of its own: it shares its store with others. */
import { expect, type Page } from "@playwright/test";

interface WebTorrentFigures {
  readonly isReady: boolean;
  readonly isDone: boolean;
  readonly wires: number;
  readonly uploaded: number;
  readonly files: readonly { readonly name: string; readonly progress: number }[];
}

declare global {
  interface Window {
    /** What e2e/interop/pages/webtorrent.html offers, of the torrent that was opened or shared last. */
    readonly webtorrent: {
      readonly problems: readonly string[];
      open(magnet: string, wanted?: readonly string[]): void;
      magnet(): string | undefined;
      figures(): WebTorrentFigures;
      sha256(name: string): Promise<string>;
      lie(): void;
      rejoin(): void;
    };
  }
}

export class WebTorrentPerson {
  readonly name: string;
  readonly page: Page;

  constructor(name: string, page: Page) {
    this.name = name;
    this.page = page;
  }

  /** @returns the magnet, once the torrent is made and shared. */
  async seed(paths: string | string[]): Promise<string> {
    await this.page.locator("input").setInputFiles(paths);
    await this.waitUntil("shares", ({ isReady, isDone }) => isReady && isDone);
    return (await this.page.evaluate(() => window.webtorrent.magnet())) ?? "";
  }

  /** @param wanted names of the files to download; all when left out. */
  async open(magnet: string, wanted?: readonly string[]): Promise<void> {
    await this.page.evaluate(([uri, names]) => window.webtorrent.open(uri, names), [magnet, wanted] as const);
  }

  figures(): Promise<WebTorrentFigures> {
    return this.page.evaluate(() => window.webtorrent.figures());
  }

  async waitUntil(what: string, isSo: (figures: WebTorrentFigures) => boolean): Promise<void> {
    const looks = async () => isSo(await this.figures());
    await expect
      .poll(looks, { message: `${this.name}: ${what}`, intervals: [100], timeout: 60_000 })
      .toBe(true);
  }

  async waitUntilDone(): Promise<void> {
    await this.waitUntil("has everything", ({ isDone }) => isDone);
  }

  sha256(file: string): Promise<string> {
    return this.page.evaluate((name) => window.webtorrent.sha256(name), file);
  }

  lie(): Promise<void> {
    return this.page.evaluate(() => window.webtorrent.lie());
  }

  /** Leaves the swarm and comes back at once, with fresh offers to everybody. */
  rejoin(): Promise<void> {
    return this.page.evaluate(() => window.webtorrent.rejoin());
  }

  async leave(): Promise<void> {
    await this.page.close({ runBeforeUnload: false });
  }
}
