/** One thread of a crowd: simulates its part of the machines and says what it sees. */
import { parentPort, workerData } from "node:worker_threads";
import { CrowdPart } from "./crowd-part.ts";
import type { CrowdNews, CrowdTask } from "./crowd-threads.ts";
import { digests } from "./digests.ts";
import { measureEngine } from "./engine-time.ts";
import { Windows } from "./windows.ts";

const { options, isMeasured, index, shared } = (workerData as { readonly task: CrowdTask }).task;
const say = (news: CrowdNews) => parentPort?.postMessage(news);

const engineMs = isMeasured ? measureEngine() : () => Number.NaN;
const windows = new Windows(shared, index);
const part = new CrowdPart(options, digests.sha256, (sample) => say({ type: "sample", sample }), {
  index,
  count: shared.parts,
  abroad: windows,
});
windows.run(part.world, () => part.toDo, options.limitSeconds * 1000, options.restSeconds * 1000);
say({ type: "result", result: part.result(), engineMs: engineMs() });
