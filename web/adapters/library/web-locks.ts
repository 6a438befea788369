/**
 * Claims as Web Locks, which end with the tab that holds them, and a broadcast channel on which those who wait
 * say so. Where there are no locks nothing can be claimed, so that nothing is ever written by two.
 */
import type { Claims } from "../../ports/claims.ts";

const PREFIX = "shoal-share-";
const CHANNEL = "shoal-claims";

export function webLockClaims(): Claims {
  const held = new Map<string, { release: () => void; count: number }>();
  const channel = new BroadcastChannel(CHANNEL);

  /** Holds the lock until it is released. */
  const hold = (name: string) => new Promise<void>((release) => held.set(name, { release, count: 1 }));

  return {
    tryClaim(name) {
      const ours = held.get(name);
      if (ours !== undefined) {
        ours.count++;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const answer = navigator.locks?.request(PREFIX + name, { ifAvailable: true }, (lock) => {
          resolve(lock !== null);
          return lock === null ? undefined : hold(name);
        });
        if (answer === undefined) resolve(false);
        // An opaque origin refuses locks: there nothing is ours.
        else answer.catch(() => resolve(false));
      });
    },
    await(name, onOurs) {
      const waiting = new AbortController();
      navigator.locks
        ?.request(PREFIX + name, { signal: waiting.signal }, () => {
          const holding = hold(name);
          onOurs();
          return holding;
        })
        // Given up, or refused.
        .catch(() => {});
      channel.postMessage(name);
      return () => waiting.abort();
    },
    release(name) {
      const ours = held.get(name);
      if (ours === undefined || --ours.count > 0) return;
      held.delete(name);
      ours.release();
    },
    async taken() {
      const { held: locks = [] } = (await navigator.locks?.query()) ?? {};
      const names = locks.flatMap(({ name }) => (name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : []));
      return new Set(names);
    },
    onAwaited(listener) {
      channel.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (typeof data === "string") listener(data);
      });
    },
  };
}
