/** The program of a load process: does the one job that it is sent, and says what came of it. */
import { holdIdle } from "./idle-load.ts";
import type { Job, Report } from "./jobs.ts";
import { loadWithOffers } from "./offers-load.ts";

const report = (said: Report) => process.send?.(said);

process.once("message", (job: Job) => void work(job));

async function work(job: Job): Promise<void> {
  const result =
    job.kind === "idle" ? await holdIdle(job) : await loadWithOffers(job, (type) => report({ type }));
  report({ type: "done", result });
}
