/**
 * Who may import whom, and which words the engine may not use.
 *
 * The table is the documentation: a layer imports from itself, from packages and from the layers in its row.
 * `types("x")` means that only types come from x, so that nothing of x runs there.
 * Tests, contract suites, tools, bench and e2e bring together what they need.
 */
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const types = (layer: string) => `type ${layer}`;

const mayImport: Record<string, readonly string[]> = {
  /** The swarm: pure, synchronous, deterministic. */
  engine: ["vocabulary"],
  /** `engine/{units,limits,bitfield,geometry,totals}.ts`: plain values that every layer below the screen speaks in. */
  vocabulary: [],
  /** What the driver needs of the world. */
  ports: [types("engine"), "vocabulary"],
  /** The driver: one input, all its outputs, next input. */
  session: ["engine", "vocabulary", "ports", "messages"],
  /** The world: WebRTC, WebSocket, storage, hashing, saving. */
  adapters: [types("engine"), "vocabulary", "ports", "messages", "service-worker"],
  /** Answers requests from what pages have; knows neither shares nor swarms. */
  "service-worker": ["ports"],
  /** Snapshots in, view models out. */
  store: [types("engine"), types("session")],
  views: ["store"],
  /** The same engine under a virtual clock and network. */
  sim: ["engine", "vocabulary", "ports", "session"],
  /** Files of `web` itself and `session/worker.ts`: the only places where an adapter is made. */
  composition: ["engine", "vocabulary", "ports", "session", "adapters", "store", "views", "messages", "sim"],
  /** `signaling/messages.ts`: what the server and its clients say to each other, within `signaling/limits.ts`. */
  messages: ["message parts", "message limits"],
  "message parts": [types("messages"), "message limits"],
  "message limits": [],
  signaling: ["messages", "message parts", "message limits"],
};

/** The rooms of `web/session`. Each may import what lies beside them, and none of it runs a share; from other rooms: */
const roomsMayImport: Record<string, readonly string[]> = {
  share: ["membership", "playing", "keeping", "torrents", types("introductions")],
  membership: ["introductions", "trackers", "web-seeds", "keeping", "verifying", types("torrents")],
  playing: [],
  introductions: [types("trackers")],
  "web-seeds": ["trackers"],
  trackers: [],
  keeping: ["verifying"],
  verifying: [],
  torrents: ["verifying", "playing"],
};

/** The engine is told the time and given its randomness; it starts nothing, waits for nothing, prints nothing. */
const bannedInEngine =
  /\b(?:Date|Math\.random|setTimeout|setInterval|performance|console|crypto|fetch|async|await|Promise)\b/g;

interface Source {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Files that the table names apart from their folder. */
const namedFiles: Record<string, string> = {
  "web/engine/units.ts": "vocabulary",
  "web/engine/limits.ts": "vocabulary",
  "web/engine/bitfield.ts": "vocabulary",
  "web/engine/geometry.ts": "vocabulary",
  "web/engine/totals.ts": "vocabulary",
  "web/session/worker.ts": "composition",
  "signaling/messages.ts": "messages",
  "signaling/client-message.ts": "message parts",
  "signaling/schemas.ts": "message parts",
  "signaling/binary-string.ts": "message parts",
  "signaling/limits.ts": "message limits",
};

function layerOf(path: string): string {
  const named = namedFiles[path];
  if (named !== undefined) return named;
  const [top = "", second = "", ...deeper] = path.split("/");
  if (top !== "web") return top;
  return deeper.length === 0 ? "composition" : second;
}

/** Undefined for what lies in no room. */
function roomOf(path: string): string | undefined {
  return /^web\/session\/([^/]+)\//.exec(path)?.[1];
}

/** Comments go, and strings too when only words of the language matter; what is left keeps its lines. */
function strip(text: string, keepStrings: boolean): string {
  const stringOrComment = /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(stringOrComment, (all, quoted?: string) => {
    if (quoted !== undefined) return keepStrings ? quoted : '""';
    return all.replace(/[^\n]/g, " ");
  });
}

interface Import {
  readonly target: string;
  readonly typesOnly: boolean;
}

/** Imports and re-exports of our own code, and the workers that it starts, as paths from the root. */
function importsOf({ path, text }: Source): Import[] {
  const statement =
    /\b(import|export)\s+(type\s)?(?:[^"';]*?\bfrom\s*)?"(\.[^"]*)"|\bimport\(\s*"(\.[^"]*)"\s*\)|\bnew URL\(\s*"(\.[^"]*\.tsx?)"/g;
  const imports = [...strip(text, true).matchAll(statement)].map((match) => ({
    target: posix.join(posix.dirname(path), (match[3] ?? match[4] ?? match[5] ?? "").replace(/\?.*$/, "")),
    typesOnly: match[2] !== undefined,
  }));
  return imports.filter(({ target }) => !/\.(?:css|json|svg)$/.test(target));
}

function breachesOf(source: Source): string[] {
  const layer = layerOf(source.path);
  const allowed = mayImport[layer];
  if (allowed === undefined) return [`${source.path} is in no layer of the table`];

  const room = roomOf(source.path);
  const isIn = (row: readonly string[], other: string, typesOnly: boolean) =>
    row.includes(other) || (typesOnly && row.includes(types(other)));
  const imports = importsOf(source).flatMap(({ target, typesOnly }) => {
    const other = roomOf(target);
    const isNextDoor = room === undefined || other === undefined;
    const rooms = room === undefined ? [] : [room, ...(roomsMayImport[room] ?? [])];
    const mayEnter = isNextDoor || isIn(rooms, other, typesOnly);
    if (mayEnter && isIn([layer, ...allowed], layerOf(target), typesOnly)) return [];
    return [`${source.path} imports ${typesOnly ? "types of " : ""}${target}`];
  });
  if (!source.path.startsWith("web/engine/")) return imports;

  const words = strip(source.text, false).matchAll(bannedInEngine);
  return [...imports, ...[...words].map(([word]) => `${source.path} says ${word}`)];
}

/** Everything in a folder that ships. */
function sourcesUnder(folder: string): Source[] {
  const root = new URL("../", import.meta.url);
  return readdirSync(fileURLToPath(new URL(folder, root)), { recursive: true, encoding: "utf8" })
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .filter((path) => /\.tsx?$/.test(path) && !/\.(?:test|contract)\./.test(path))
    .map((path) => ({ path, text: readFileSync(new URL(path, root), "utf8") }));
}

describe("the direction of imports", () => {
  test("goes one way everywhere, and the engine keeps to itself", () => {
    const sources = [...sourcesUnder("web"), ...sourcesUnder("signaling")];
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(breachesOf)).toEqual([]);
  });
});

describe("this test", () => {
  const breaches = (path: string, text: string) => breachesOf({ path, text });

  test("sees an import against the table, however it is written", () => {
    expect(breaches("web/engine/a.ts", 'import { b } from "../session/b.ts";')).toHaveLength(1);
    expect(breaches("web/engine/a.ts", 'import type { B } from "../session/b.ts";')).toHaveLength(1);
    expect(breaches("web/views/a.tsx", 'import {\n  b,\n  c,\n} from "../session/b.ts";')).toHaveLength(1);
    expect(breaches("web/store/a.ts", 'export * from "../views/b.tsx";')).toHaveLength(1);
    expect(breaches("web/store/a.ts", 'const b = await import("../adapters/b.ts");')).toHaveLength(1);
    expect(breaches("web/adapters/a.ts", 'import { hub } from "../../signaling/hub.ts";')).toHaveLength(1);
    expect(breaches("signaling/a.ts", 'import { b } from "../web/engine/b.ts";')).toHaveLength(1);
  });

  test("sees a value where only types may come from", () => {
    expect(breaches("web/ports/a.ts", 'import { b } from "../engine/b.ts";')).toHaveLength(1);
    expect(breaches("web/ports/a.ts", 'import type { B } from "../engine/b.ts";')).toEqual([]);
  });

  test("sees a folder that nobody put in the table", () => {
    expect(breaches("web/utils/a.ts", "")).toHaveLength(1);
  });

  test("sees an import between rooms of the session against theirs", () => {
    const values = 'import { b } from "../trackers/b.ts";';
    expect(breaches("web/session/introductions/a.ts", values)).toHaveLength(1);
    expect(breaches("web/session/introductions/a.ts", 'import type { B } from "../trackers/b.ts";')).toEqual(
      [],
    );
    expect(breaches("web/session/membership/a.ts", values)).toEqual([]);
    expect(breaches("web/session/attic/a.ts", values)).toHaveLength(1);
  });

  test("sees a word that the engine may not use, but not in a comment or a text", () => {
    expect(breaches("web/engine/a.ts", "const now = Date.now();")).toEqual(["web/engine/a.ts says Date"]);
    expect(breaches("web/engine/a.ts", "const r = Math.random() + Math.max(1, 2);")).toHaveLength(1);
    expect(breaches("web/engine/a.ts", "/* no Date */ // no Promise\nconst dateOf = 'Date';")).toEqual([]);
  });

  test("lets through what the table allows", () => {
    const imports =
      'import { step } from "../engine/swarm.ts";\nimport type { A } from "../../signaling/messages.ts";';
    expect(breaches("web/session/driver.ts", imports)).toEqual([]);
    expect(breaches("web/session/worker.ts", 'import { b } from "../adapters/b.ts";')).toEqual([]);
  });
});
