import { readFileSync } from "node:fs";

/** Anonymous resident memory of a process (Linux); 0 where it cannot be read. */
export function privateBytes(pid: number): number {
  try {
    const kibibytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kibibytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
