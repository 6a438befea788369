/** Load from a process of its own, so that what it costs is not charged to the tracker. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "../../tools/command.ts";
import type { IdleJob, IdleResult, Job, OffersJob, OffersResult, Report } from "./jobs.ts";

/** @param onPhase is told when the measured time begins and ends. */
export async function runOffers(
  job: OffersJob,
  onPhase: (phase: "measuring" | "measured") => void,
): Promise<OffersResult> {
  const child = start(job);
  const result = await resultOf(child, onPhase);
  child.kill();
  return result as OffersResult;
}

/** The sockets are held until `release`. */
export async function holdSockets(job: IdleJob): Promise<{ held: number; release(): Promise<void> }> {
  const child = start(job);
  const { held } = (await resultOf(child, () => undefined)) as IdleResult;
  return {
    held,
    release: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function start(job: Job): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "bench/signaling/load.ts"], {
    cwd: repository,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  child.send(job);
  return child;
}

function resultOf(
  child: ChildProcess,
  onPhase: (phase: "measuring" | "measured") => void,
): Promise<OffersResult | IdleResult> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the load process ended with ${code}`)));
    child.on("message", (said: Report) => {
      if (said.type === "done") resolve(said.result);
      else onPhase(said.type);
    });
  });
}
