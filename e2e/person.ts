/**
 * One person with one tab in a browser profile of their own, as seen through the hooks of docs/automation.md.
 *
 * Invariants
 *  1. Nothing here waits on time: every method waits for a state of the page.
 *  2. The app is driven as by hand; only `snapshot` and `trace` look inside.
 */
import { type Download, expect, type Locator, type Page } from "@playwright/test";
import { sha256, writeContent } from "../tools/content.ts";
import type { SessionSnapshot, ShareSnapshot, ShareState } from "../web/session/snapshot.ts";

declare global {
  interface Window {
    readonly shoal: {
      snapshot(): Promise<SessionSnapshot>;
      trace(shareId: string): Promise<string>;
    };
  }
}

/** What a download brought to the disk. */
export interface SavedFile {
  readonly name: string;
  readonly sha256: string;
}

export class Person {
  readonly name: string;
  readonly page: Page;
  readonly #home: string;

  /** @param home address of the app, without a slash at its end. */
  constructor(name: string, page: Page, home: string) {
    this.name = name;
    this.page = page;
    this.#home = home;
  }

  get share(): Locator {
    return this.page.getByTestId("share");
  }

  async goHome(): Promise<void> {
    await this.page.goto(`${this.#home}/`);
  }

  /** Chooses files (or, with `input` "folder-input", one folder) on the home screen. @returns the link. */
  async shareFiles(paths: string | string[], input = "file-input"): Promise<string> {
    if (!this.page.url().startsWith(this.#home)) await this.goHome();
    await this.page.getByTestId(input).setInputFiles(paths);
    const link = this.page.getByTestId("share-link");
    const text = async () => (await link.inputValue().catch(() => link.textContent())) ?? "";
    await expect.poll(text, { message: `${this.name} gets a link` }).toContain(`${this.#home}/#`);
    return text();
  }

  shareFolder(path: string): Promise<string> {
    return this.shareFiles(path, "folder-input");
  }

  async openLink(link: string): Promise<void> {
    await this.page.goto(link);
  }

  /** Opens a link and presses Download as soon as that is offered. */
  async download(link: string): Promise<void> {
    await this.openLink(link);
    await this.page.getByTestId("download").click();
  }

  async waitForState(...states: ShareState[]): Promise<void> {
    const wanted = new RegExp(`^(?:${states.join("|")})$`);
    await expect(this.share, `${this.name} reaches ${states.join(" or ")}`).toHaveAttribute(
      "data-state",
      wanted,
      {
        timeout: 60_000,
      },
    );
  }

  /** This person's only share. */
  async snapshot(): Promise<ShareSnapshot> {
    const { shares } = await this.page.evaluate(() => window.shoal.snapshot());
    const [share] = shares;
    if (share === undefined || shares.length > 1) {
      throw new Error(`${this.name} has ${shares.length} shares instead of one`);
    }
    return share;
  }

  /** Waits until a figure of the snapshot is as wanted. */
  async waitUntil(what: string, isSo: (share: ShareSnapshot) => boolean): Promise<void> {
    const looks = async () => isSo(await this.snapshot());
    await expect
      .poll(looks, { message: `${this.name}: ${what}`, intervals: [100], timeout: 60_000 })
      .toBe(true);
  }

  /** @returns what the browser downloads. @throws with what the page says when it can save nothing. */
  async pressSave(): Promise<Download> {
    const timeout = 60_000;
    const begins = this.page.waitForEvent("download", { timeout });
    const fails = this.page.getByText("Saving did not work out").first().waitFor({ timeout });
    const outcome = Promise.race([begins, fails]).catch(() => undefined);
    await this.page.getByTestId("save").first().click();
    const download = await outcome;
    if (download) return download;
    const words = await this.page.getByRole("status").or(this.page.getByTestId("notice")).allTextContents();
    throw new Error(`${this.name} cannot save. The page says: ${words.join(" ")}`);
  }

  /** Presses Save and reads the file that the browser then downloads. */
  async save(): Promise<SavedFile> {
    const download = await this.pressSave();
    const stream = await download.createReadStream();
    return { name: download.suggestedFilename(), sha256: await sha256(stream) };
  }

  /**
   * Presses Save where the browser offers a folder to save into; a folder of the page's own storage stands in
   * for the one that a person would choose in a dialog.
   * @returns SHA-256 of every file in it, by its path.
   */
  async saveToFolder(): Promise<Record<string, string>> {
    await this.page.evaluate(() => {
      const picked = async () => {
        const root = await navigator.storage.getDirectory();
        return root.getDirectoryHandle("picked by the test", { create: true });
      };
      Object.assign(window, { showDirectoryPicker: picked });
    });
    await this.page.getByTestId("save").first().click();
    await expect(this.page.getByRole("status")).toContainText(/saved/i);
    return this.page.evaluate(async () => {
      const hashes: Record<string, string> = {};
      const read = async (folder: FileSystemDirectoryHandle, above: string) => {
        for await (const [name, entry] of folder.entries()) {
          if (entry instanceof FileSystemDirectoryHandle) await read(entry, `${above}${name}/`);
          if (!(entry instanceof FileSystemFileHandle)) continue;
          const bytes = await (await entry.getFile()).arrayBuffer();
          const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
          hashes[above + name] = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
        }
      };
      const root = await navigator.storage.getDirectory();
      await read(await root.getDirectoryHandle("picked by the test"), "");
      return hashes;
    });
  }

  /** Closes the tab as a person does, so that the page can say goodbye. */
  async leave(): Promise<void> {
    await this.page.close({ runBeforeUnload: false });
  }

  /** JSON lines of the engine's last steps, for each share; for a report of what went wrong. */
  async traces(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const { shares } = await window.shoal.snapshot();
      return Promise.all(shares.map((share) => window.shoal.trace(share.id)));
    });
  }
}

/** A file of `size` bytes in the test's own folder, with content that only its name determines. */
export function makeFile(folder: string, name: string, size: number): Promise<string> {
  return writeContent(`${folder}/${name}`, size, name);
}
