/**
 * How long signals take through this process: from the moment that one is read until it is written to the socket
 * that it is for. Counted in plain numbers for every signal, and told to Prometheus at a scrape.
 */

/** Upper bounds of the buckets, s. A tracker at ease takes well under a millisecond. */
export const RELAY_BOUNDS_SECONDS = [
  0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
] as const;

export class RelayTimes {
  /** By bucket; the last holds what is beyond all bounds. */
  readonly #counts: number[] = Array(RELAY_BOUNDS_SECONDS.length + 1).fill(0);
  #sumSeconds = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (seconds > (RELAY_BOUNDS_SECONDS[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sumSeconds += seconds;
  }

  /** In the exposition format of Prometheus, whose buckets are cumulative. */
  text(name: string): string {
    let sum = 0;
    const lines = [...RELAY_BOUNDS_SECONDS, "+Inf"].map((bound, bucket) => {
      sum += this.#counts[bucket] ?? 0;
      return `${name}_bucket{le="${bound}"} ${sum}`;
    });
    const help = `# HELP ${name} From reading a signal to writing it to whom it is for, in this process`;
    return [
      help,
      `# TYPE ${name} histogram`,
      ...lines,
      `${name}_sum ${this.#sumSeconds}`,
      `${name}_count ${sum}`,
      "",
    ].join("\n");
  }
}
