/** Reads the JSON lines of a trace, so that its inputs can be fed to a swarm again. */
import { Bitfield } from "./bitfield.ts";
import type { Input } from "./io.ts";
import { bytesOfParts } from "./trace-bytes.ts";
import { fail, fromHex, type Millis, millis, ok, type Result } from "./units.ts";

export interface RecordedStep {
  readonly now: Millis;
  /** Zeros stand in for the blocks. */
  readonly input: Input;
  /** The line as it was recorded: a replay is faithful when its own trace has the same. */
  readonly line: string;
}

export interface RecordedTrace {
  /** What the swarm was made of; `$bytes` are byte arrays again. */
  readonly setup: Readonly<Record<string, unknown>>;
  /** Number of the first step that is there; only from 0 can the whole be replayed. */
  readonly firstStep: number;
  readonly steps: readonly RecordedStep[];
}

/** Why a text is not a trace: the number of the first line that cannot be read, counted from 1. */
export interface TraceProblem {
  readonly line: number;
}

/** Total. Checks that each line is a step with a known input; that the input's fields are sound is trusted. */
export function readTrace(text: string): Result<RecordedTrace, TraceProblem> {
  const lines = text.split("\n").filter((line) => line !== "");
  const { setup, firstStep } = readLine(lines[0] ?? "") ?? {};
  if (!isRecord(setup) || typeof firstStep !== "number") return fail({ line: 1 });
  const steps: RecordedStep[] = [];
  for (const [at, line] of lines.slice(1).entries()) {
    const { now, input } = readLine(line) ?? {};
    if (typeof now !== "number" || !isInput(input)) return fail({ line: at + 2 });
    steps.push({ now: millis(now), input, line });
  }
  return ok({ setup, firstStep, steps });
}

function readLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line, revive);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function revive(_key: string, value: unknown): unknown {
  if (value === "Infinity") return Infinity;
  if (!isRecord(value)) return value;
  const { $bytes: parts, $bitfield: bits, length } = value;
  if (parts !== undefined) return bytesOfParts(parts) ?? null;
  if (typeof bits === "string" && typeof length === "number") {
    return Bitfield.fromBytes(fromHex(bits) ?? new Uint8Array(0), length) ?? null;
  }
  return value;
}

/** A record, so that the compiler asks for a new kind of input here too. */
const INPUT_TYPES: Readonly<Record<Input["type"], true>> = {
  "link-opened": true,
  "bytes-received": true,
  "bytes-flushed": true,
  "link-closed": true,
  "storage-opened": true,
  "piece-committed": true,
  "serve-failed": true,
  "download-allowed": true,
  "files-wanted": true,
  "window-set": true,
  "limits-set": true,
  "introduction-asked": true,
  woke: true,
};

function isInput(value: unknown): value is Input {
  if (!isRecord(value)) return false;
  const { type } = value;
  return typeof type === "string" && Object.hasOwn(INPUT_TYPES, type);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
