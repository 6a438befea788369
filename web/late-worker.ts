/** A worker that is told what to do before it is there: `start` makes it, and it hears everything in order. */
import { nameWith } from "./session/page-messages.ts";
import type { SessionPort } from "./session/session-client.ts";

/** Says too that it could not be loaded. */
export type MadeWorker = SessionPort & Pick<EventTarget, "addEventListener">;

type Post = Parameters<SessionPort["postMessage"]>;
type Listen = Parameters<SessionPort["addEventListener"]>;

export class LateWorker implements SessionPort {
  /** Settles at its first word, or when it turns out that it cannot run. */
  readonly runs: Promise<void>;
  readonly #make: (name: string) => MadeWorker;
  #settleRuns: () => void = () => {};
  #worker: SessionPort | undefined;
  #posts: Post[] = [];
  #listens: Listen[] = [];

  /** @param make makes it with a name that may say what to do first (`nameWith`). */
  constructor(make: (name: string) => MadeWorker) {
    this.#make = make;
    this.runs = new Promise((resolve) => {
      this.#settleRuns = resolve;
    });
  }

  start(): void {
    if (this.#worker !== undefined) return;
    const name = nameWith(this.#posts[0]?.[0]);
    if (name !== undefined) this.#posts.shift();
    const worker = this.#make(name ?? "swarm");
    this.#worker = worker;
    for (const type of ["message", "error"]) worker.addEventListener(type, this.#settleRuns, { once: true });
    for (const listen of this.#listens) worker.addEventListener(...listen);
    for (const post of this.#posts) worker.postMessage(...post);
    this.#listens = [];
    this.#posts = [];
  }

  postMessage(...post: Post): void {
    if (this.#worker === undefined) this.#posts.push(post);
    else this.#worker.postMessage(...post);
  }

  addEventListener(...listen: Listen): void {
    if (this.#worker === undefined) this.#listens.push(listen);
    else this.#worker.addEventListener(...listen);
  }
}
