/**
 * Asks our own server which ICE servers to use, at once and again before their credentials expire.
 *
 * Invariants
 *  1. `ready` settles after WAIT_MS at the latest, whatever the server does.
 *  2. A failed request is repeated, ever more rarely, and what was known stays in use meanwhile.
 */
import { parseServerConfig, type ServerConfig } from "../../signaling/messages.ts";
import { type Millis, millis } from "../engine/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { IceConfig } from "../ports/ice-config.ts";
import type { IceServer } from "../ports/links.ts";

/** Dialling without servers works in one network and often enough beyond: better than waiting longer, ms. */
const WAIT_MS = 1_000;

const RETRY_FIRST_MS = 1_000;
const RETRY_LONGEST_MS = 60_000;

/** Credentials are renewed when half of their time is over. */
const RENEW_AFTER = 0.5;

/** `fetchText` resolves with the answer's body; it rejects when there is none. */
export class FetchedIceConfig implements IceConfig {
  readonly ready: Promise<void>;
  readonly #clock: Clock;
  readonly #fetchText: () => Promise<string>;
  #config: ServerConfig | undefined;
  #failures = 0;
  #settle: () => void = () => {};

  constructor(clock: Clock, fetchText: () => Promise<string>) {
    this.#clock = clock;
    this.#fetchText = fetchText;
    this.ready = new Promise((resolve) => {
      this.#settle = resolve;
    });
    clock.at(this.#in(WAIT_MS), this.#settle);
    void this.#fetch();
  }

  get servers(): readonly IceServer[] {
    return this.#config?.iceServers ?? [];
  }

  get relayOnly(): boolean {
    return this.#config?.relayOnly ?? false;
  }

  async #fetch(): Promise<void> {
    const config = await this.#ask();
    if (config === undefined) {
      const delayMs = Math.min(RETRY_FIRST_MS * 2 ** this.#failures++, RETRY_LONGEST_MS);
      this.#clock.at(this.#in(delayMs), () => void this.#fetch());
      return;
    }
    this.#failures = 0;
    this.#config = config;
    this.#settle();
    const { credentialsExpireInSeconds: seconds } = config;
    if (seconds !== null) this.#clock.at(this.#in(seconds * 1000 * RENEW_AFTER), () => void this.#fetch());
  }

  async #ask(): Promise<ServerConfig | undefined> {
    try {
      const config = parseServerConfig(await this.#fetchText());
      return config.ok ? config.value : undefined;
    } catch {
      // Offline, refused, or not our server: asked again later.
      return undefined;
    }
  }

  #in(delayMs: number): Millis {
    return millis(this.#clock.now() + delayMs);
  }
}
