import { describe } from "vitest";
import { describeDirectory } from "./directory.contract.ts";
import type { Directory, DirectoryEvents } from "./directory.ts";
import { openRedisDirectory } from "./redis-directory.ts";
import { hasRedis, TestRedis } from "./test-redis.ts";

const log = { warn: () => undefined };

async function opened(url: string, events: DirectoryEvents): Promise<Directory> {
  let directory: Directory | undefined;
  await new Promise<void>((resolve) => {
    directory = openRedisDirectory({
      url,
      log,
      events: {
        ...events,
        onRecovered() {
          events.onRecovered();
          resolve();
        },
      },
    });
  });
  if (directory === undefined) throw new Error("recovered before it was opened");
  return directory;
}

describe.runIf(hasRedis)("on Redis", () => {
  describeDirectory("Redis", async () => {
    const redis = await TestRedis.start();
    return { open: (events) => opened(redis.url, events), close: () => redis.kill() };
  });
});
