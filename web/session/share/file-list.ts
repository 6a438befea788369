/**
 * The files of one share as a person sees them: which of them are wanted, and how much of each is here.
 *
 * Invariants
 *  1. What the person chose goes before what a link chose for them (BEP 53).
 *  2. The version grows whenever the page has to ask for the list again.
 */
import type { Info } from "../../engine/metainfo/info.ts";
import { filesSelected } from "../../engine/metainfo/selection.ts";
import type { ShareLink } from "../../engine/metainfo/share-link.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { FILES_FOLLOWED } from "../limits.ts";
import type { FileSnapshot } from "../snapshot.ts";
import { changesFileList, fileSnapshots } from "./file-progress.ts";

export class FileList {
  #wanted: readonly boolean[] | undefined;
  #version = 0;

  /** @param wanted what was chosen in an earlier session. */
  constructor(wanted: readonly boolean[] | undefined) {
    this.#wanted = wanted;
  }

  /** One flag for each file, in the order of the torrent; undefined when all are wanted. */
  get wanted(): readonly boolean[] | undefined {
    return this.#wanted;
  }

  get version(): number {
    return this.#version;
  }

  /** The list is another one than before. */
  onChanged(): void {
    this.#version++;
  }

  /** @returns whether that is a choice among these files. */
  want(info: Info | undefined, wanted: readonly boolean[]): boolean {
    if (info === undefined || wanted.length !== info.files.length) return false;
    this.#wanted = [...wanted];
    this.#version++;
    return true;
  }

  /** A link chose among the files. */
  select(info: Info, selection: NonNullable<ShareLink["select"]>): void {
    this.#wanted ??= filesSelected(info, selection);
  }

  /** @param has tells which pieces are stored, that one included. */
  onStored(info: Info | undefined, piece: PieceIndex, has: (piece: PieceIndex) => boolean): void {
    if (info === undefined || info.files.length > FILES_FOLLOWED) return;
    if (changesFileList(info, piece, has)) this.#version++;
  }

  /** @param pieces the piece map. */
  snapshots(info: Info, pieces: Uint8Array): readonly FileSnapshot[] {
    return fileSnapshots(info, pieces, this.#wanted);
  }
}
