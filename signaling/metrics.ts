/** What Prometheus is told at `GET /metrics`: figures of the whole, nothing of anybody. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { HubFigures } from "./hub-io.ts";
import { RelayTimes } from "./relay-times.ts";

/** What happens at the sockets, as far as it is counted. */
export type SocketEvent = "message-sent" | "message-refused" | "socket-refused" | "socket-closed";

/** Counts one `event` of a kind, such as the kind of message or the reason. Kinds are few and known. */
export type CountEvent = (event: SocketEvent, kind: string) => void;

export interface SignalingFigures extends HubFigures {
  /** Whether this process is one tracker with others, could be, or needs not be. */
  readonly directory: "connected" | "unavailable" | "none";
}

export interface Metrics {
  readonly contentType: string;
  readonly count: CountEvent;
  readonly relayTimes: RelayTimes;
  /** Takes the figures of now from `figures` at each scrape. */
  watch(figures: () => SignalingFigures): void;
  /** The exposition format. */
  text(): Promise<string>;
}

const gauges = {
  sockets: "Open WebSockets",
  swarms: "Swarms with at least one peer",
  peers: "Peers in all swarms",
  offers: "Offers that are not expired",
} as const;

export function makeMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const relayTimes = new RelayTimes();
  collectDefaultMetrics({ register: registry });
  const counted = {
    "message-sent": counter("shoal_messages_sent_total", "Messages sent to clients"),
    "message-refused": counter("shoal_messages_refused_total", "Messages of clients refused, by reason"),
    "socket-refused": counter("shoal_sockets_refused_total", "WebSockets refused, by reason"),
    "socket-closed": counter("shoal_sockets_closed_total", "WebSockets closed by the server, by reason"),
  } satisfies Record<SocketEvent, Map<string, number>>;

  /** Counts of each kind, which Prometheus is told at a scrape: its own counters are slow for every message. */
  function counter(name: string, help: string): Map<string, number> {
    const counts = new Map<string, number>();
    expose(name, help, () => counts);
    return counts;
  }

  function expose(name: string, help: string, counts: () => Iterable<readonly [string, number]>): void {
    new Counter({
      name,
      help,
      labelNames: ["kind"],
      registers,
      collect() {
        this.reset();
        for (const [kind, count] of counts()) this.inc({ kind }, count);
      },
    });
  }

  return {
    relayTimes,
    contentType: registry.contentType,
    count: (event, kind) => counted[event].set(kind, (counted[event].get(kind) ?? 0) + 1),
    watch(figures) {
      for (const [name, help] of Object.entries(gauges) as [keyof typeof gauges, string][]) {
        new Gauge({
          name: `shoal_${name}`,
          help,
          registers,
          collect() {
            this.set(figures()[name]);
          },
        });
      }
      new Gauge({
        name: "shoal_directory_unavailable",
        help: "1 while Redis is out of reach and this process is alone, though it should not be",
        registers,
        collect() {
          this.set(figures().directory === "unavailable" ? 1 : 0);
        },
      });
      // The hub counts for itself, having no Prometheus.
      expose("shoal_messages_received_total", "Messages of clients, malformed ones among them", () =>
        Object.entries(figures().received),
      );
    },
    text: async () => `${await registry.metrics()}\n${relayTimes.text("shoal_relay_seconds")}`,
  };
}
