/** Everything that the screens can set off. Handed in from outside, so that the mock interface can stand in for it. */
import type { Commands, ShareId } from "../store/session.ts";

/** A complete file of a share, read when its turn comes. */
export interface SavableFile {
  /** Path components below the share's own folder. */
  readonly path: readonly string[];
  readonly size: number;
  read(): Promise<Blob>;
}

/** @param fraction 0 … 1 of what is being saved. */
export type OnSaveProgress = (fraction: number) => void;

export interface Actions {
  readonly commands: Commands;
  /** Hands something small that was made here to the browser's downloads. */
  saveBlob(blob: Blob, name: string): void;
  /** Saves one complete file. @returns false when the person called it off. */
  saveFile(name: string, read: () => Promise<Blob>, onProgress: OnSaveProgress): Promise<boolean>;
  /**
   * Saves several complete files, with their folders, below one called `folder`: into a place that the person
   * picks, or (with `asZip`, or where there is no picking) as one archive.
   * @param list called once the person has said where to. @returns false when the person called it off.
   */
  saveFiles(
    folder: string,
    list: () => Promise<readonly SavableFile[]>,
    asZip: boolean,
    onProgress: OnSaveProgress,
  ): Promise<boolean>;
  /** Whether this browser lets a person pick a folder to save into. */
  canPickFolder(): boolean;
  /** Where a file can be read while it is still arriving; undefined where this browser can't do that. */
  mediaUrl(share: ShareId, file: number, name: string): string | undefined;
  /** @returns whether the browser allowed it. */
  copyText(text: string): Promise<boolean>;
  /** The system's own share sheet; undefined where there is none. */
  readonly shareLink: ((link: string, title: string) => Promise<void>) | undefined;
  /** Bytes that this browser would still store; undefined where it does not tell. */
  room(): Promise<number | undefined>;
  /** Asks the browser to open magnet links with this site; undefined where it cannot. */
  readonly takeMagnetLinks: (() => void) | undefined;
}

/** Those of the actions that need nothing but the browser. */
export const browserActions: Pick<Actions, "copyText" | "shareLink" | "room" | "takeMagnetLinks"> = {
  async copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused, or missing on an insecure address: the screen says how to copy by hand.
      return false;
    }
  },
  shareLink: "share" in navigator ? shareBySystem : undefined,
  async room() {
    const { quota, usage } = (await navigator.storage?.estimate()) ?? {};
    return quota === undefined || usage === undefined ? undefined : quota - usage;
  },
  takeMagnetLinks: "registerProtocolHandler" in navigator ? takeMagnetLinks : undefined,
};

/** The link comes behind the "#", like any other: no server learns what was opened. */
function takeMagnetLinks(): void {
  navigator.registerProtocolHandler("magnet", `${location.origin}/#%s`);
}

async function shareBySystem(link: string, title: string): Promise<void> {
  try {
    await navigator.share({ url: link, title });
  } catch {
    // The person closed the sheet.
  }
}
