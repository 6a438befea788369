/** The files that a share gives: those that the person chose, or the way back to those of an earlier session. */
import type { Info } from "../../engine/metainfo/info.ts";
import type { KeptRecord, KeptShare } from "../../ports/library.ts";
import type { PieceSource } from "../../ports/piece-store.ts";
import type { ChosenFile } from "../commands.ts";
import { canReopen, keptFiles, reopen } from "../keeping/reopen.ts";
import type { World } from "../world.ts";

export class OwnFiles {
  readonly #earlier: KeptRecord | undefined;
  /** In the order of the torrent. */
  #chosen: readonly ChosenFile[] = [];

  constructor(earlier: KeptRecord | undefined) {
    this.#earlier = earlier;
  }

  onChosen(chosen: readonly ChosenFile[]): void {
    this.#chosen = chosen;
  }

  /** What is written down, to know them again. */
  get kept(): Pick<KeptShare, "files" | "roots"> {
    if (this.#chosen.length > 0) return keptFiles(this.#chosen);
    const { files = [], roots = [] } = this.#earlier?.share ?? {};
    return { files, roots };
  }

  /** The browser's handles of those of an earlier session. */
  get handles(): readonly unknown[] {
    return this.#earlier?.share.roots ?? [];
  }

  /** Those of an earlier session can be found again without the person's choosing them. */
  get canReopen(): boolean {
    return this.#earlier !== undefined && canReopen(this.#earlier.share);
  }

  /**
   * @returns what reads those of an earlier session; undefined when the person has to choose them again.
   * @throws FileChangedError, ReadRefusedError, the signal's reason
   */
  async reopen(info: Info, world: World, signal: AbortSignal): Promise<PieceSource | undefined> {
    if (this.#earlier === undefined || !this.canReopen) return undefined;
    const { chosen, source } = await reopen(this.#earlier, info, world, signal);
    this.#chosen = chosen;
    return source;
  }
}
