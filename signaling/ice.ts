/**
 * The ICE servers that a client is told, with TURN credentials of its own that expire.
 *
 * Source: draft-uberti-behave-turn-rest-00, which coturn's `use-auth-secret` reads: the user name begins with the
 * UNIX time of expiry, the password is base64 of HMAC-SHA1(secret, user name).
 */
import { createHmac } from "node:crypto";
import { ANNOUNCE_INTERVAL_SECONDS, TURN_TTL_SECONDS } from "./limits.ts";
import type { IceServer, ServerConfig } from "./messages.ts";

export interface IceSettings {
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  /** coturn's `static-auth-secret`. Without one TURN is offered without credentials. */
  readonly turnSecret: string | undefined;
  /** Clients connect through TURN alone, so that peers do not learn each other's addresses. */
  readonly relayOnly: boolean;
}

/** The answer to `GET /config` for one client. `user` tells clients apart in the TURN server's log, no more. */
export function configFor(
  ice: IceSettings,
  version: string,
  user: string,
  unixSeconds: number,
): ServerConfig {
  const hasCredentials = ice.turnUrls.length > 0 && ice.turnSecret !== undefined;
  return {
    iceServers: iceServers(ice, `${unixSeconds + TURN_TTL_SECONDS}:${user}`),
    relayOnly: ice.relayOnly,
    announceIntervalSeconds: ANNOUNCE_INTERVAL_SECONDS,
    credentialsExpireInSeconds: hasCredentials ? TURN_TTL_SECONDS : null,
    version,
  };
}

function iceServers({ stunUrls, turnUrls, turnSecret }: IceSettings, username: string): IceServer[] {
  const stun = stunUrls.length > 0 ? [{ urls: stunUrls }] : [];
  if (turnUrls.length === 0) return stun;
  if (turnSecret === undefined) return [...stun, { urls: turnUrls }];
  const credential = createHmac("sha1", turnSecret).update(username).digest("base64");
  return [...stun, { urls: turnUrls, username, credential }];
}
