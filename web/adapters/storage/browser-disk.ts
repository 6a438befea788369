/** The browser's answers to how much room there is and what takes it. */
import type { Disk } from "../../ports/disk.ts";
import { usedByOpfsShare } from "./opfs-shares.ts";

export const browserDisk: Disk = {
  async estimate() {
    try {
      const { usage, quota } = await navigator.storage.estimate();
      return { usage, quota };
    } catch {
      // Some browsers have no such method, others refuse it in private windows.
      return { usage: undefined, quota: undefined };
    }
  },
  isPersisted: () => navigator.storage.persisted().catch(() => false),
  usedAt: (place) => usedByOpfsShare(place).catch(() => 0),
};
