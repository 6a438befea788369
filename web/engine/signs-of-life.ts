/** Who is late with its handshake or says nothing at all is dropped; who has not heard of us for long gets a keep-alive. */
import type { SwarmContext } from "./context.ts";
import { HANDSHAKE_TIMEOUT_MS, KEEP_ALIVE_MS, SILENT_AFTER_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { Millis } from "./units.ts";

export class SignsOfLife {
  /** Before this time no peer is late and none waits for a sign of ours. */
  #checkAt = Infinity;

  onOpened(now: Millis): void {
    this.#checkAt = Math.min(this.#checkAt, now + HANDSHAKE_TIMEOUT_MS);
  }

  onTick(context: SwarmContext): void {
    const { peers, now } = context;
    if (now < this.#checkAt) return;
    this.#checkAt = Infinity;
    for (const peer of peers.values()) {
      check(context, peer);
      const quietAt = Math.min(peer.lastSentAt + KEEP_ALIVE_MS, peer.lastReceivedAt + SILENT_AFTER_MS);
      const dueAt = peer.isHandshakeDone ? quietAt : Math.min(quietAt, peer.openedAt + HANDSHAKE_TIMEOUT_MS);
      this.#checkAt = Math.min(this.#checkAt, dueAt);
    }
  }
}

function check(context: SwarmContext, peer: Peer): void {
  const { now } = context;
  if (!peer.isHandshakeDone && now - peer.openedAt > HANDSHAKE_TIMEOUT_MS) {
    context.drop(peer, "handshake-timeout");
  } else if (now - peer.lastReceivedAt > SILENT_AFTER_MS) {
    context.drop(peer, "silent");
  } else if (now - peer.lastSentAt > KEEP_ALIVE_MS) {
    context.out.send(peer, { type: "keep-alive" }, now);
  }
}
