/**
 * Feeds the inputs of a trace to a new engine made alike, and says at which steps it decides otherwise.
 *
 * A trace holds everything that decides as long as it still has its first step; of a seed's torrent it holds the
 * dictionary and the piece hashes, but not the hashes of blocks, which are only asked for after a corrupt piece.
 */
import { Bitfield } from "../engine/bitfield.ts";
import { geometryOf } from "../engine/geometry-of.ts";
import { HASH_BYTES } from "../engine/limits.ts";
import { HashTree } from "../engine/metainfo/hash-tree.ts";
import { type Info, parseInfo } from "../engine/metainfo/info.ts";
import type { InfoHashes } from "../engine/metainfo/info-hashes.ts";
import type { Digests } from "../engine/metainfo/torrent.ts";
import { Swarm, type SwarmOptions } from "../engine/swarm.ts";
import { type RecordedTrace, readTrace } from "../engine/trace-reader.ts";
import {
  fail,
  ok,
  peerId,
  type Result,
  type Sha256,
  infoHash as toInfoHash,
  infoHashV1 as toInfoHashV1,
} from "../engine/units.ts";

export interface ReplayedStep {
  /** Number of the step, from 0. */
  readonly step: number;
  readonly recorded: string;
  readonly replayed: string;
}

export interface Replay {
  readonly steps: number;
  /** Steps whose outputs are not what was recorded; empty for a faithful replay. */
  readonly differences: readonly ReplayedStep[];
}

/** Why a text cannot be replayed, as one line. */
export type ReplayProblem = string;

export function replay(text: string, digests: Digests): Result<Replay, ReplayProblem> {
  const read = readTrace(text);
  if (!read.ok) return fail(`line ${read.reason.line} is not a line of a trace`);
  const { firstStep, steps } = read.value;
  if (firstStep > 0)
    return fail(`the first ${firstStep} steps are gone, and without them nothing can be replayed`);
  const options = optionsOf(read.value, digests);
  if (options === undefined) return fail("line 1 does not say what the swarm was made of");
  const swarm = new Swarm(options);
  for (const { input, now } of steps) swarm.step(input, now);
  const lines = swarm.trace().split("\n").slice(1);
  const differences = steps.flatMap(({ line }, step) => {
    const replayed = lines[step] ?? "";
    return line === replayed ? [] : [{ step, recorded: line, replayed }];
  });
  return ok({ steps: steps.length, differences });
}

function optionsOf({ setup }: RecordedTrace, digests: Digests): SwarmOptions | undefined {
  const { seed, accepted, isSeeding } = setup;
  const hashes = hashesOf(setup);
  const self = typeof setup.self === "string" ? peerId(setup.self) : undefined;
  if (self === undefined || hashes === undefined) return undefined;
  if (typeof seed !== "number" || typeof accepted !== "boolean") return undefined;
  const options = { self, hashes, ...digests, seed, accepted };
  if (isSeeding !== true && setup.info === undefined) return options;
  const info = setup.info instanceof Uint8Array ? parseInfo(setup.info) : undefined;
  if (info?.ok !== true || !(setup.layers instanceof Uint8Array)) return undefined;
  const torrent = { info: info.value, trees: treesOf(info.value, setup.layers, digests.sha256) };
  if (isSeeding === true) return { ...options, seeding: torrent };
  const have = haveOf(info.value, setup.have);
  return have === undefined ? undefined : { ...options, resuming: { ...torrent, have } };
}

function hashesOf({ infoHash, infoHashV1 }: RecordedTrace["setup"]): InfoHashes | undefined {
  const v1 = typeof infoHashV1 === "string" ? toInfoHashV1(infoHashV1) : undefined;
  const v2 = typeof infoHash === "string" ? toInfoHash(infoHash) : undefined;
  if (v2 !== undefined) return v1 === undefined ? { infoHash: v2 } : { infoHash: v2, infoHashV1: v1 };
  return v1 === undefined ? undefined : { infoHashV1: v1 };
}

function haveOf(info: Info, bytes: unknown): Bitfield | undefined {
  const { pieceCount } = geometryOf(info);
  return bytes instanceof Uint8Array ? Bitfield.fromBytes(bytes, pieceCount) : undefined;
}

function treesOf(info: Info, layers: Uint8Array, sha256: Sha256): (HashTree | undefined)[] {
  let at = 0;
  return info.files.map(({ length, piecesRoot }) => {
    if (piecesRoot === undefined) return undefined;
    const tree = new HashTree(length, info.pieceLength, piecesRoot, sha256);
    tree.setPieceLayer(layers.slice(at, at + tree.pieceCount * HASH_BYTES));
    at += tree.pieceCount * HASH_BYTES;
    return tree;
  });
}
