/**
 * The ICE servers that links are made with. They come from our own server; a link never waits long for them.
 */
import type { IceServer } from "../ports/links.ts";

export interface IceServers {
  /** Settles when the list is here, or when waiting for it longer would cost more than it gives. */
  readonly ready: Promise<void>;
  readonly current: readonly IceServer[];
}

/** True if one of them can carry the bytes when no direct route exists (TURN). */
export function canRelay(servers: readonly IceServer[]): boolean {
  return servers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)));
}
