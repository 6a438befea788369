/** The tables that `npm run bench:signaling` prints. */
import { table } from "../figures.ts";
import type { Delivery } from "./jobs.ts";
import type { Usage } from "./tracker-process.ts";

/** Announces over in a second, also for each second of the tracker's processor time, and ms from peer to peer. */
export type SaturationFigures = Readonly<
  Record<"announcesPerSecond" | "announcesPerCpuSecond" | "relayP50Ms" | "relayP99Ms", number>
>;

type ByProgram<Figures> = Readonly<Record<"shoal" | "bittorrent-tracker", Figures>>;

export function saturationTable(by: ByProgram<SaturationFigures>): string {
  return beside([
    ["announces/s", by, "announcesPerSecond", 0],
    ["announces per CPU second of the tracker", by, "announcesPerCpuSecond", 0],
    ["relay latency p50, ms", by, "relayP50Ms", 1],
    ["relay latency p99, ms", by, "relayP99Ms", 1],
  ]);
}

export interface IdleFigures {
  readonly held: number;
  readonly before: Usage;
  readonly after: Usage;
}

export function idleTable(by: ByProgram<IdleFigures>): string {
  const figures = ({ held, before, after }: IdleFigures) => ({
    held,
    rssMb: after.rssBytes / 1e6,
    rssPerSocket: (after.rssBytes - before.rssBytes) / held / 1024,
    heapPerSocket: (after.heapBytes - before.heapBytes) / held / 1024,
  });
  const values = { shoal: figures(by.shoal), "bittorrent-tracker": figures(by["bittorrent-tracker"]) };
  return beside([
    ["sockets held in one process", values, "held", 0],
    ["memory of the process (RSS), MB", values, "rssMb", 0],
    ["memory per idle socket (RSS), KiB", values, "rssPerSocket", 2],
    ["of that JavaScript heap, KiB", values, "heapPerSocket", 2],
  ]);
}

type Row = readonly [
  title: string,
  by: ByProgram<Readonly<Record<string, number>>>,
  figure: string,
  digits: number,
];

function beside(rows: readonly Row[]): string {
  const lines = rows.map(([title, by, figure, digits]) => {
    const ours = by.shoal[figure] ?? Number.NaN;
    const theirs = by["bittorrent-tracker"][figure] ?? Number.NaN;
    return [title, theirs.toFixed(digits), ours.toFixed(digits), (ours / theirs).toFixed(2)];
  });
  return table([["", "bittorrent-tracker", "shoal", "ratio"], ...lines]);
}

export interface ClusterFigures {
  readonly processes: number;
  readonly announcesPerSecond: number;
  readonly relayP50Ms: number;
  readonly relayP99Ms: number;
  readonly offers: Delivery;
  readonly answers: Delivery;
}

export function clusterTable(rows: readonly ClusterFigures[]): string {
  const heading = ["processes", "announces/s", "p50, ms", "p99, ms"];
  const deliveries = ["signals sent", "once", "twice", "astray", "lost", "across processes"];
  const lines = rows.map(({ processes, offers, answers, ...figures }) => {
    const sum = (part: keyof Delivery) => String(offers[part] + answers[part]);
    return [
      processes === 1 ? "1, no Redis" : `${processes}, one Redis`,
      figures.announcesPerSecond.toFixed(0),
      figures.relayP50Ms.toFixed(1),
      figures.relayP99Ms.toFixed(1),
      ...(["sent", "once", "repeated", "astray", "lost", "across"] as const).map(sum),
    ];
  });
  return table([[...heading, ...deliveries], ...lines]);
}

export interface DialectFigures {
  readonly peers: number;
  readonly connections: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface DialectRow {
  readonly webTorrent: DialectFigures;
  readonly ours: DialectFigures;
  /** Ours where candidates come after their description. */
  readonly late: DialectFigures;
}

/** Ours beside WebTorrent's in swarms of the same sizes, per connection. */
export function dialectTable(rows: readonly DialectRow[]): string {
  const lines = rows.map((row) => {
    const all = [row.webTorrent, row.ours, row.late];
    const each = (figure: "messages" | "bytes") => all.map((of) => of[figure] / of.connections);
    const ratio = ([theirs = Number.NaN, ours = Number.NaN]: readonly number[]) => (ours / theirs).toFixed(2);
    const messages = each("messages");
    const bytes = each("bytes");
    return [
      `swarm of ${row.ours.peers}`,
      all.map(({ connections }) => connections).join(" / "),
      ...messages.map((figure) => figure.toFixed(1)),
      ratio(messages),
      ...bytes.map((figure) => figure.toFixed(0)),
      ratio(bytes),
    ];
  });
  const heading = ["", "connections formed", "messages each: WebTorrent", "shoal", "late", "shoal/WT"];
  return table([[...heading, "bytes each: WebTorrent", "shoal", "late", "shoal/WT"], ...lines]);
}

export interface Target {
  readonly what: string;
  readonly target: string;
  readonly value: string;
  readonly isMet: boolean;
}

export function targetTable(targets: readonly Target[]): string {
  const lines = targets.map(({ what, target, value, isMet }) => [
    what,
    target,
    value,
    isMet ? "met" : "MISSED",
  ]);
  return table([["", "target", "here", ""], ...lines]);
}
