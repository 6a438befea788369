/** For a share that the disk was too full for: asks now and then whether there is room by now. */
import { millis } from "../../engine/units.ts";
import { ROOM_AGAIN_MS } from "../limits.ts";
import type { World } from "../world.ts";

export class RoomWatch {
  readonly #world: Pick<World, "clock" | "disk">;
  #cancel: () => void = () => {};

  constructor(world: Pick<World, "clock" | "disk">) {
    this.#world = world;
  }

  /**
   * @param neededBytes how much room is wanted; undefined ends the watch.
   * @param onRoom called once, when there is that much.
   */
  begin(neededBytes: () => number | undefined, onRoom: () => void): void {
    const { clock, disk } = this.#world;
    this.#cancel();
    this.#cancel = clock.at(millis(clock.now() + ROOM_AGAIN_MS), async () => {
      const { usage, quota } = await disk.estimate();
      const needed = neededBytes();
      if (needed === undefined) return;
      if (usage !== undefined && quota !== undefined && quota - usage > needed) onRoom();
      else this.begin(neededBytes, onRoom);
    });
  }

  end(): void {
    this.#cancel();
  }
}
