/** What a share begins with, and what it shows of itself until its torrent is known. */
import type { ShareLink } from "../../engine/metainfo/share-link.ts";
import type { Torrent } from "../../engine/metainfo/torrent.ts";
import type { Totals } from "../../engine/totals.ts";
import type { ChosenFile, ShareOptions } from "../commands.ts";
import type { Restored } from "../keeping/restoring.ts";
import type { ShareLimits } from "../settings.ts";
import { shareName, totalSize } from "../torrents/publish.ts";
import type { LifeSoFar } from "./share-life.ts";

export type ShareOrigin =
  | FilesOrLink
  /** A record of an earlier session or of another tab, whose name is ours. */
  | (Restored & {
      /** Of the share whose place this one takes. */
      readonly soFar?: LifeSoFar;
    });

/** What the person gave, now or in an earlier session. */
export type FilesOrLink =
  | { readonly type: "files"; readonly files: readonly ChosenFile[]; readonly options: ShareOptions }
  /** `torrent`: it came as a .torrent file. `key`: of its password, which was given before. */
  | {
      readonly type: "link";
      readonly link: ShareLink;
      readonly torrent?: Torrent;
      readonly key?: Uint8Array | undefined;
    };

/** What an older share of the same files leaves to the one that takes its place. */
export interface Legacy {
  readonly addedAt: number;
  readonly totals: Totals;
  readonly isPublic: boolean;
  readonly passwordKey: Uint8Array | undefined;
  readonly limits: ShareLimits;
}

/** Name, size in bytes and number of files before the info dictionary is known. */
export interface WorkingFigures {
  readonly workingName: string;
  readonly workingSize: number | undefined;
  readonly workingFileCount: number;
}

export function workingFigures(origin: FilesOrLink): WorkingFigures {
  if (origin.type === "link")
    return { workingName: origin.link.name ?? "", workingSize: undefined, workingFileCount: 0 };
  const { files } = origin;
  return {
    workingName: shareName(files),
    workingSize: totalSize(files),
    workingFileCount: files.length,
  };
}
