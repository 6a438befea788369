import { SystemClock } from "../../web/adapters/clock.ts";
import { openOpfsPieceStore } from "../../web/adapters/storage/opfs-piece-store.ts";
import { opfsScenarios } from "./opfs-scenarios.ts";
import { storeScenarios } from "./scenarios.ts";

/** Each page is a new profile with empty storage, so that one share's key serves all scenarios. */
const SHARE_KEY = "c0".repeat(32);

async function play(title: string): Promise<void> {
  const scenario = [...storeScenarios, ...opfsScenarios].find((candidate) => candidate.title === title);
  if (scenario === undefined) throw new Error(`no scenario "${title}"`);
  await scenario.play((geometry) => openOpfsPieceStore(SHARE_KEY, geometry, new SystemClock()));
}

addEventListener("message", ({ data }: MessageEvent<string>) => {
  play(data).then(
    () => postMessage({ broken: undefined }),
    (error: unknown) => postMessage({ broken: String(error) }),
  );
});
