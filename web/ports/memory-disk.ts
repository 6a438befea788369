import type { Disk } from "./disk.ts";

/** A browser that has no disk, or does not tell. */
export const noDisk: Disk = {
  estimate: () => Promise.resolve({ usage: undefined, quota: undefined }),
  isPersisted: () => Promise.resolve(false),
  usedAt: () => Promise.resolve(0),
};
