/**
 * Loaded into a tracker's process before the tracker, whichever it is: says on its IPC channel what the process
 * uses, after collecting garbage (`--expose-gc`), so that both programs are asked in the same way.
 */
import type { Usage } from "./tracker-process.ts";

process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const usage: Usage = { rssBytes: rss, heapBytes: heapUsed, cpuSeconds: (user + system) / 1e6 };
  process.send?.(usage);
});
// The channel alone is no reason to stay.
process.channel?.unref();
