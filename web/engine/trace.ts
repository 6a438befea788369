/**
 * The last steps of a swarm, as JSON lines that replay its decisions.
 *
 * The first line says what the swarm was made of and how many steps are gone; each further line is one step
 * `{"now", "input", "outputs"}`. Feeding the inputs of a trace that still has its first step to a swarm made
 * alike, and tracing that, gives the same lines. Blocks are not in it, only their lengths: no decision reads them.
 *
 * Invariants
 *  1. At most TRACE_STEPS steps and about TRACE_BYTES bytes of messages are kept; the oldest go first.
 *  2. Nothing kept is shared with the swarm or the driver, small immutable records apart.
 *  3. An input is kept before its step begins: a step that fails is the last line, without outputs.
 */
import type { Bitfield } from "./bitfield.ts";
import type { Input, Output } from "./io.ts";
import { TRACE_BYTES, TRACE_STEPS } from "./limits.ts";
import { BlockOmitter, TracedBytes } from "./trace-bytes.ts";
import { type LinkId, type Millis, toHex } from "./units.ts";

/** What a swarm is made of, as far as a replay needs it: seed, infohash, own peer id, info dictionary, … */
export type TraceSetup = Readonly<Record<string, string | number | boolean | Uint8Array>>;

/** Longest array of an output that is kept whole, bytes, and what is kept of a longer one. */
const WHOLE_OUTPUT_BYTES = 1024;
const HEAD_BYTES = 64;

/** A value as JSON.stringify will see it. */
type Traced = object;

interface TracedStep {
  readonly now: Millis;
  readonly input: Traced;
  outputs: readonly Traced[];
  /** Bytes of arrays that this step keeps alive. */
  keptBytes: number;
}

export class Trace {
  readonly #setup: TraceSetup;
  readonly #steps: (TracedStep | undefined)[] = new Array(TRACE_STEPS).fill(undefined);
  readonly #streams = new Map<LinkId, BlockOmitter>();
  /** Numbers of the oldest step kept and of the next one. */
  #first = 0;
  #next = 0;
  #keptBytes = 0;

  constructor(setup: TraceSetup) {
    this.#setup = setup;
  }

  /** To be called before the step. */
  onInput(input: Input, now: Millis): void {
    if (this.#next - this.#first === TRACE_STEPS) this.#forgetOldest();
    const step: TracedStep = { now, input: this.#traceInput(input), outputs: [], keptBytes: 0 };
    this.#steps[this.#next++ % TRACE_STEPS] = step;
    this.#count(step, keptBytes(step.input));
  }

  /** To be called after the step. */
  onOutputs(outputs: readonly Output[]): void {
    const step = this.#steps[(this.#next - 1) % TRACE_STEPS];
    if (step === undefined || outputs.length === 0) return;
    step.outputs = outputs.map((output) => this.#traceOutput(output));
    this.#count(
      step,
      step.outputs.reduce((sum, output) => sum + keptBytes(output), 0),
    );
  }

  /** JSON lines, each ended by a line feed. */
  toLines(): string {
    const setup = Object.entries(this.#setup).map(([key, value]) => [
      key,
      value instanceof Uint8Array ? TracedBytes.head(value) : value,
    ]);
    let lines = `${JSON.stringify({ setup: Object.fromEntries(setup), firstStep: this.#first })}\n`;
    for (let number = this.#first; number < this.#next; number++) {
      const { now, input, outputs } = this.#steps[number % TRACE_STEPS] ?? {};
      lines += `${JSON.stringify({ now, input, outputs })}\n`;
    }
    return lines;
  }

  #count(step: TracedStep, bytes: number): void {
    step.keptBytes += bytes;
    this.#keptBytes += bytes;
    while (this.#keptBytes > TRACE_BYTES && this.#next - this.#first > 1) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const slot = this.#first++ % TRACE_STEPS;
    this.#keptBytes -= this.#steps[slot]?.keptBytes ?? 0;
    this.#steps[slot] = undefined;
  }

  #traceInput(input: Input): Traced {
    switch (input.type) {
      case "link-opened":
        this.#streams.set(input.link, new BlockOmitter());
        return input;
      case "link-closed":
        this.#streams.delete(input.link);
        return input;
      case "bytes-received": {
        const bytes = this.#streams.get(input.link)?.omit(input.bytes) ?? TracedBytes.head(input.bytes, 0);
        return { ...input, bytes };
      }
      case "storage-opened":
        return { ...input, have: new TracedBitfield(input.have) };
      case "piece-committed":
        return "leaves" in input ? { ...input, leaves: TracedBytes.head(input.leaves) } : input;
      case "limits-set":
        return {
          ...input,
          uploadBytesPerSecond: finite(input.uploadBytesPerSecond),
          downloadBytesPerSecond: finite(input.downloadBytesPerSecond),
          uploadSlots: finite(input.uploadSlots),
        };
      default:
        return input;
    }
  }

  #traceOutput(output: Output): Traced {
    switch (output.type) {
      case "send": {
        const limit = output.bytes.length > WHOLE_OUTPUT_BYTES ? HEAD_BYTES : WHOLE_OUTPUT_BYTES;
        return { ...output, bytes: TracedBytes.head(output.bytes, limit) };
      }
      case "commit":
        return { type: output.type, piece: output.piece, bytes: TracedBytes.head(output.bytes, 0) };
      case "drop":
        this.#streams.delete(output.link);
        return output;
      case "metadata-complete":
        return { type: output.type, name: output.info.name, bytes: TracedBytes.head(output.info.bytes, 0) };
      default:
        return output;
    }
  }
}

class TracedBitfield {
  readonly length: number;
  readonly bytes: Uint8Array;

  constructor(field: Bitfield) {
    this.length = field.length;
    this.bytes = field.toBytes();
  }

  toJSON(): { $bitfield: string; length: number } {
    return { $bitfield: toHex(this.bytes), length: this.length };
  }
}

function keptBytes(traced: Traced): number {
  let sum = 0;
  for (const value of Object.values(traced)) {
    if (value instanceof TracedBytes) sum += value.keptBytes;
    else if (value instanceof TracedBitfield) sum += value.bytes.length;
  }
  return sum;
}

/** JSON has no infinity. */
function finite(value: number): number | "Infinity" {
  return value === Infinity ? "Infinity" : value;
}
