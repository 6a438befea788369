/**
 * What is set in one tab holds in all that are open.
 *
 * Invariant: what was heard from another tab is not said again, so that two tabs never answer each other for ever.
 */
import type { Settings } from "./store/session.ts";

export interface SettingsWorld {
  /** Undefined until the session has told them. */
  settings(): Settings | undefined;
  subscribe(changed: () => void): void;
  configure(settings: Settings): void;
}

/** What reaches the other tabs of this site, as a BroadcastChannel does. */
export interface SettingsChannel {
  postMessage(settings: Settings): void;
  onmessage: ((event: MessageEvent<Settings>) => unknown) | null;
}

export function shareSettings(world: SettingsWorld, channel: SettingsChannel): void {
  /** As the session told them last. */
  let told: string | undefined;
  /** From another tab, until the session tells them too: what it tells before that is older. */
  let heard: string | undefined;
  world.subscribe(() => {
    const settings = world.settings();
    if (settings === undefined) return;
    const now = JSON.stringify(settings);
    const isFirst = told === undefined;
    if (now === told) return;
    told = now;
    const isHeard = now === heard;
    if (isHeard) heard = undefined;
    if (!isFirst && !isHeard) channel.postMessage(settings);
  });
  channel.onmessage = ({ data }) => {
    const said = JSON.stringify(data);
    heard = said === told ? undefined : said;
    world.configure(data);
  };
}
