/**
 * `npm run -s torrent`: looks into a .torrent or a link, and makes a .torrent of a file or folder.
 *
 * Prints JSON. What is wrong with the input is one line on the error output and exit code 1.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { choosePieceLength, createTorrent } from "../web/engine/metainfo/create.ts";
import { parseMagnet } from "../web/engine/metainfo/magnet.ts";
import { parseShareText } from "../web/engine/metainfo/share-link.ts";
import { type Digests, encodeTorrent, parseTorrent, type Torrent } from "../web/engine/metainfo/torrent.ts";
import { findFiles, hashFile } from "./hash-files.ts";
import { linkProblem, magnetProblem, torrentProblem } from "./torrent-problems.ts";

const usage = `usage: torrent info FILE
       torrent create [--v2|--hybrid] [--piece-length N] [--out FILE] [--tracker URL]... [--web-seed URL]... PATH
                      (hybrid unless --v2; each tracker is a tier of its own)
       torrent magnet URI`;

/** Something is wrong with what the person gave us; the message is one line for them. */
export class InputError extends Error {
  override readonly name = "InputError";
}

const digests: Digests = {
  sha256: (bytes) => new Uint8Array(createHash("sha256").update(bytes).digest()),
  sha1: (bytes) => new Uint8Array(createHash("sha1").update(bytes).digest()),
};

/**
 * @returns what is to be printed, as plain JSON values.
 * @throws InputError
 */
export function runTorrentCommand(args: readonly string[]): unknown {
  const [command, ...rest] = args;
  if (command === "info") return info(onlyArgument(rest));
  if (command === "create") return create(rest);
  if (command === "magnet") return magnet(onlyArgument(rest));
  throw new InputError(usage);
}

function onlyArgument(args: readonly string[]): string {
  const [argument, ...others] = args;
  if (argument === undefined || others.length > 0) throw new InputError(usage);
  return argument;
}

function info(path: string): unknown {
  const torrent = parseTorrent(
    fromDisk(path, (at) => new Uint8Array(readFileSync(at))),
    digests,
  );
  if (!torrent.ok) throw new InputError(`${path}: ${torrentProblem[torrent.reason]}`);
  return toJson(torrent.value);
}

function toJson({ info, infoHash, infoHashV1, tiers, webSeeds, layers }: Torrent): unknown {
  const isMissing = (index: number) => (info.files[index]?.length ?? 0) > info.pieceLength && !layers[index];
  return {
    version: info.version,
    name: info.name,
    infohashV1: infoHashV1,
    infohashV2: infoHash,
    size: info.files.reduce((sum, file) => sum + file.length, 0),
    pieceLength: info.pieceLength,
    pieceCount:
      info.version === "v1"
        ? Math.ceil((info.v1?.streamLength ?? 0) / info.pieceLength)
        : info.files.reduce((sum, file) => sum + Math.ceil(file.length / info.pieceLength), 0),
    private: info.isPrivate,
    files: info.files.map(({ path, length }) => ({ path: path.join("/"), length })),
    pieceLayersMissing: info.version === "v1" ? 0 : layers.filter((_, index) => isMissing(index)).length,
    trackers: tiers.flat(),
    tiers,
    webSeeds,
  };
}

function create(args: readonly string[]): unknown {
  const { values, positionals } = createArguments(args);
  const path = resolve(onlyArgument(positionals));
  if (values.v2 && values.hybrid) throw new InputError(usage);
  const name = basename(path);
  const found = fromDisk(path, findFiles);
  const size = found.reduce((sum, file) => sum + file.length, 0);
  const asked = values["piece-length"];
  const pieceLength = asked === undefined ? choosePieceLength(size) : Number(asked);
  if (!isPieceLength(pieceLength)) {
    throw new InputError(`--piece-length ${asked}: must be a power of two from 16384 to 268435456`);
  }
  const isSingle = found.length === 1 && found[0]?.path.length === 1 && found[0].path[0] === name;
  const files = found.map((file) => {
    const { leaves, v1Pieces } = fromDisk(file.location, (at) => hashFile(at, pieceLength, !isSingle));
    return { path: file.path, length: file.length, leaves, ...(values.v2 ? {} : { v1Pieces }) };
  });
  const created = createTorrent({ name, pieceLength, files }, digests.sha256);
  if (!created.ok) throw new InputError(`${path}: ${torrentProblem[created.reason]}`);
  const bytes = encodeTorrent({
    ...created.value,
    tiers: (values.tracker ?? []).map((url) => [url]),
    webSeeds: values["web-seed"] ?? [],
  });
  const out = values.out ?? `${name}.torrent`;
  fromDisk(out, (at) => writeFileSync(at, bytes));
  return { out, ...Object(info(out)) };
}

function createArguments(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        v2: { type: "boolean" },
        hybrid: { type: "boolean" },
        "piece-length": { type: "string" },
        out: { type: "string" },
        tracker: { type: "string", multiple: true },
        "web-seed": { type: "string", multiple: true },
      },
    });
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : usage);
  }
}

function isPieceLength(bytes: number): boolean {
  return bytes >= 16384 && bytes <= 2 ** 28 && Number.isInteger(Math.log2(bytes));
}

/** A magnet of any version, on its own or behind a page's address; else a share link. */
function magnet(text: string): unknown {
  const [, uri] = /^(?:\S*#)?(magnet:\?.*)$/i.exec(text.trim()) ?? [];
  if (uri === undefined) {
    const link = parseShareText(text);
    if (!link.ok) throw new InputError(linkProblem[link.reason]);
    const { kind, infoHash, infoHashV1, password } = link.value;
    return { kind, infohashV1: infoHashV1, infohashV2: infoHash, password };
  }
  const parsed = parseMagnet(uri);
  if (!parsed.ok) throw new InputError(magnetProblem[parsed.reason]);
  const { infoHash, infoHashV1, name, trackers, webSeeds, select } = parsed.value;
  return { kind: "public", infohashV1: infoHashV1, infohashV2: infoHash, name, trackers, webSeeds, select };
}

/** Does something with a file; what the file system has against it becomes a line for the person. */
function fromDisk<Value>(path: string, act: (path: string) => Value): Value {
  try {
    return act(path);
  } catch (error) {
    if (error instanceof Error && "code" in error) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    console.log(JSON.stringify(runTorrentCommand(process.argv.slice(2)), null, 2));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
