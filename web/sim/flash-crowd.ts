/** One seed and a crowd of leechers, until all have everything, in one thread; and what all parts of a crowd came to. */
import type { Sha256 } from "../engine/units.ts";
import { shortestDistribution } from "./bounds.ts";
import { CROWD_DEFAULTS, type CrowdOptions } from "./crowd-options.ts";
import { CrowdPart, type CrowdTotals, type Finish, type PartResult } from "./crowd-part.ts";
import { type Sample, wholeSample } from "./sample.ts";
import type { World } from "./world.ts";

export interface CrowdRun {
  readonly options: CrowdOptions;
  readonly samples: readonly Sample[];
  /** Seconds from arrival to completion of each leecher that finished, ascending. */
  readonly contributors: readonly number[];
  readonly freeRiders: readonly number[];
  /** Virtual seconds until each piece had come to some leecher. */
  readonly firstCopyAt: number;
  /** Copies that the seed had sent by then, and in all. */
  readonly copiesAtFirstCopy: number;
  readonly seedCopies: number;
  readonly shortestSeconds: number;
  readonly totals: CrowdTotals;
}

export function runCrowd(given: Partial<CrowdOptions>, sha256: Sha256): CrowdRun & { readonly world: World } {
  const options = { ...CROWD_DEFAULTS, ...given };
  const samples: Sample[] = [];
  const part = new CrowdPart(options, sha256, (sample) => samples.push(wholeSample([sample])));
  part.world.runUntil(() => part.toDo === 0, options.limitSeconds * 1000);
  if (options.restSeconds > 0) part.world.runFor(options.restSeconds * 1000);
  return { ...crowdRun(options, samples, [part.result()]), world: part.world };
}

/** @param samples one a second, without the last moment. */
export function crowdRun(
  options: CrowdOptions,
  samples: readonly Sample[],
  parts: readonly PartResult[],
): CrowdRun {
  const { peers, pieces, pieceBytes, up, down, seedRateFactor } = options;
  const fileBytes = pieces * pieceBytes;
  const firstCopyAtMs = firstCopy(parts);
  const seedNotes = parts.flatMap((part) => part.seedNotes);
  const noted = seedNotes.findLast(([at]) => at <= firstCopyAtMs);
  const finishes = parts.flatMap((part) => part.finishes);
  const totals = parts.map((part) => part.totals).reduce(added);
  return {
    options,
    samples: [...samples, wholeSample(parts.map(({ last }) => last))],
    contributors: ascending(finishes, false),
    freeRiders: ascending(finishes, true),
    firstCopyAt: firstCopyAtMs / 1000,
    copiesAtFirstCopy: firstCopyAtMs === Infinity || noted === undefined ? Number.NaN : noted[1] / fileBytes,
    seedCopies: totals.seedUploaded / fileBytes,
    shortestSeconds: shortestDistribution({
      fileBytes,
      seedRate: up * seedRateFactor,
      leechers: peers,
      leecherUpRate: up * (1 - options.freeRiders),
      leecherDownRate: down,
    }),
    totals,
  };
}

function ascending(finishes: readonly Finish[], isFreeRider: boolean): number[] {
  return finishes
    .filter((finish) => finish.isFreeRider === isFreeRider)
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
}

/** When the last piece came to its first leecher, ms. */
function firstCopy(parts: readonly PartResult[]): number {
  let last = 0;
  for (let piece = 0; piece < (parts[0]?.firstStoredAt.length ?? 0); piece++) {
    last = Math.max(last, Math.min(...parts.map((part) => part.firstStoredAt[piece] ?? Infinity)));
  }
  return last;
}

function added(a: CrowdTotals, b: CrowdTotals): CrowdTotals {
  return {
    uploaded: a.uploaded + b.uploaded,
    downloaded: a.downloaded + b.downloaded,
    wasted: a.wasted + b.wasted,
    sent: a.sent + b.sent,
    sentBlocks: a.sentBlocks + b.sentBlocks,
    seedUploaded: a.seedUploaded + b.seedUploaded,
  };
}
