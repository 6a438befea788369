/**
 * What goes out to the peers of one swarm: a queue for each link, all of them flushed at the end of the turn.
 *
 * Invariant: nothing of a link is sent after it was closed.
 */
import type { LinkId } from "../../engine/units.ts";
import type { Links } from "../../ports/links.ts";
import { SendQueue } from "./send-queue.ts";

export class Outbox {
  readonly #links: Pick<Links, "send">;
  readonly #queues = new Map<LinkId, SendQueue>();
  readonly #unflushed = new Set<SendQueue>();

  constructor(links: Pick<Links, "send">) {
    this.#links = links;
  }

  has(link: LinkId): boolean {
    return this.#queues.has(link);
  }

  open(link: LinkId): void {
    this.#queues.set(link, new SendQueue((bytes) => this.#links.send(link, bytes)));
  }

  close(link: LinkId): void {
    this.#queues.get(link)?.close();
    this.#queues.delete(link);
  }

  closeAll(): void {
    for (const link of [...this.#queues.keys()]) this.close(link);
  }

  send(link: LinkId, bytes: Uint8Array): void {
    const queue = this.#queues.get(link);
    if (queue === undefined) return;
    queue.push(bytes);
    this.#flushSoon(queue);
  }

  /**
   * Takes a place for bytes that come later.
   * @returns what fills it, to be called once, with nothing when they could not be read; undefined without a link.
   */
  reserve(link: LinkId): ((parts: readonly Uint8Array[]) => void) | undefined {
    const queue = this.#queues.get(link);
    const fill = queue?.reserve();
    if (queue === undefined || fill === undefined) return undefined;
    return (parts) => {
      fill(parts);
      this.#flushSoon(queue);
    };
  }

  /** Whatever else this turn brings shares the channel message. */
  #flushSoon(queue: SendQueue): void {
    if (this.#unflushed.size === 0) queueMicrotask(() => this.#flush());
    this.#unflushed.add(queue);
  }

  #flush(): void {
    const queues = [...this.#unflushed];
    this.#unflushed.clear();
    for (const queue of queues) queue.flush();
  }
}
