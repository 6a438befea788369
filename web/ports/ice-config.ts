import type { IceServer } from "./links.ts";

/** How links may be routed, as the server that we came from says. A link never waits long for it. */
export interface IceConfig {
  /** Settles when the server has answered, or when waiting longer would cost more than it gives. Never rejects. */
  readonly ready: Promise<void>;
  /** None until the server has answered. Credentials in it are fresh. */
  readonly servers: readonly IceServer[];
  /** Links go by relays alone. */
  readonly relayOnly: boolean;
}

/** True if one of the servers can carry the bytes where no direct route exists (TURN). */
export function canRelay(servers: readonly IceServer[]): boolean {
  return servers.some(({ urls }) => urls.some((url) => /^turns?:/.test(url)));
}
