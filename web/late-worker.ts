/** A worker that is told what to do before it is there: `start` makes it, and it hears everything in order. */
import { nameWith } from "./session/page-messages.ts";
import type { SessionPort } from "./session/session-client.ts";

type Post = Parameters<SessionPort["postMessage"]>;
type Listen = Parameters<SessionPort["addEventListener"]>;

export class LateWorker implements SessionPort {
  readonly #make: (name: string) => SessionPort;
  #worker: SessionPort | undefined;
  #posts: Post[] = [];
  #listens: Listen[] = [];

  /** @param make makes it with a name that may say what to do first (`nameWith`). */
  constructor(make: (name: string) => SessionPort) {
    this.#make = make;
  }

  start(): void {
    if (this.#worker !== undefined) return;
    const name = nameWith(this.#posts[0]?.[0]);
    if (name !== undefined) this.#posts.shift();
    const worker = this.#make(name ?? "swarm");
    this.#worker = worker;
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
