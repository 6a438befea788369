/**
 * The person's leave to download, which holds once there is room for what they want.
 *
 * Invariant: the swarm asks for nothing before the store has room for it.
 */
import type { PieceStore } from "../../ports/piece-store.ts";

export interface DownloadPermissionPorts {
  /** Undefined until it is open. */
  readonly store: () => Pick<PieceStore, "reserve"> | undefined;
  /** @param awaitsRoom it may show interest, so that it has a slot once there is room. */
  readonly tellSwarm: (allowed: boolean, awaitsRoom: boolean) => void;
  readonly onNoRoom: (error: unknown) => void;
}

export class DownloadPermission {
  readonly #ports: DownloadPermissionPorts;
  #isAllowed = false;
  #isGiven = false;
  #wanted: readonly boolean[] | undefined;

  constructor(ports: DownloadPermissionPorts) {
    this.#ports = ports;
  }

  /** It is allowed, and there is room. */
  get isGiven(): boolean {
    return this.#isGiven;
  }

  /** @param wanted one flag for each file; undefined for all. */
  set(allowed: boolean, wanted: readonly boolean[] | undefined): void {
    this.#isAllowed = allowed;
    this.#wanted = wanted;
    if (allowed) void this.#makeRoom();
    else this.#give(false);
  }

  onStoreOpened(): void {
    if (this.#isAllowed) void this.#makeRoom();
  }

  async #makeRoom(): Promise<void> {
    const store = this.#ports.store();
    if (store === undefined) return;
    if (!this.#isGiven) this.#ports.tellSwarm(true, true);
    try {
      await store.reserve(this.#wanted);
    } catch (error) {
      this.#ports.onNoRoom(error);
      return;
    }
    if (this.#isAllowed) this.#give(true);
  }

  #give(allowed: boolean): void {
    this.#isGiven = allowed;
    this.#ports.tellSwarm(allowed, false);
  }
}
