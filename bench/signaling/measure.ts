/** One measurement each: starts fresh processes, loads them, ends them. */
import { readFileSync } from "node:fs";
import { TestRedis } from "../../signaling/test-redis.ts";
import type { OffersJob, OffersResult } from "./jobs.ts";
import { holdSockets, runOffers } from "./load-process.ts";
import type { ClusterFigures, IdleFigures, SaturationFigures } from "./report.ts";
import { type Program, TrackerProcess } from "./tracker-process.ts";

export interface Load extends Pick<OffersJob, "swarms" | "warmUpSeconds" | "seconds"> {}

const PEERS_PER_SWARM = 50;

export async function measureOffers(
  program: Program,
  load: Load,
  pace: OffersJob["pace"],
): Promise<SaturationFigures & { readonly lost: number }> {
  const tracker = await TrackerProcess.start(program);
  try {
    let cpuSeconds = 0;
    const usages: Promise<void>[] = [];
    const result = await runOffers(
      { kind: "offers", urls: [tracker.url], peersPerSwarm: PEERS_PER_SWARM, pace, ...load },
      (phase) => {
        const sign = phase === "measuring" ? -1 : 1;
        usages.push(
          tracker.usage().then((usage) => {
            cpuSeconds += sign * usage.cpuSeconds;
          }),
        );
      },
    );
    await Promise.all(usages);
    const { announcesPerSecond, relayP50Ms, relayP99Ms, offers, answers } = result;
    const announcesPerCpuSecond = (announcesPerSecond * load.seconds) / cpuSeconds;
    const lost = offers.lost + answers.lost;
    return { announcesPerSecond, announcesPerCpuSecond, relayP50Ms, relayP99Ms, lost };
  } finally {
    await tracker.stop();
  }
}

/** Holds as many of `sockets` as the limit of open files lets one process have. */
export async function measureIdle(program: Program, sockets: number): Promise<IdleFigures> {
  const tracker = await TrackerProcess.start(program);
  const releases: (() => Promise<void>)[] = [];
  try {
    const before = await tracker.usage();
    const wanted = Math.min(sockets, openFilesLimit() - SPARE_FILES);
    let held = 0;
    while (held < wanted) {
      const part = Math.min(SOCKETS_PER_LOAD_PROCESS, wanted - held);
      const job = { kind: "idle", url: tracker.url, sockets: part, peersPerSwarm: PEERS_PER_SWARM } as const;
      const holding = await holdSockets({ ...job, firstPeer: held });
      releases.push(holding.release);
      held += holding.held;
    }
    return { held, before, after: await tracker.usage() };
  } finally {
    await tracker.stop();
    for (const release of releases) await release();
  }
}

const SOCKETS_PER_LOAD_PROCESS = 10_000;
/** What a tracker has open besides sockets. */
const SPARE_FILES = 60;

/** Of a process, as the system lets it have; where that cannot be asked, more than is needed here. */
export function openFilesLimit(): number {
  if (process.platform !== "linux") return Number.POSITIVE_INFINITY;
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return hard === undefined || hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard);
}

/** One tracker of `processes` processes, with every swarm spread over all of them. */
export async function measureCluster(
  processes: number,
  load: Load,
  underWay: number,
): Promise<ClusterFigures> {
  const redis = processes === 1 ? undefined : await TestRedis.start();
  const trackers: TrackerProcess[] = [];
  try {
    for (let i = 0; i < processes; i++) {
      trackers.push(await TrackerProcess.start("shoal", redis === undefined ? {} : { REDIS_URL: redis.url }));
    }
    const urls = trackers.map(({ url }) => url);
    const job = {
      kind: "offers",
      urls,
      peersPerSwarm: PEERS_PER_SWARM,
      pace: { underWay },
      ...load,
    } as const;
    const result: OffersResult = await runOffers(job, () => undefined);
    return { processes, ...result };
  } finally {
    for (const tracker of trackers) await tracker.stop();
    await redis?.kill();
  }
}
