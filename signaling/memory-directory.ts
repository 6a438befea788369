/** A directory within one process: joins several hubs in a test to one tracker. */
import type { Answer, Directory, DirectoryEvents, NodeId, Parcel, Question } from "./directory.ts";
import { type Member, type Random, Swarm } from "./swarm.ts";

export class MemoryNetwork {
  readonly #random: Random;
  readonly #swarms = new Map<string, Swarm<NodeId>>();
  readonly #nodes = new Map<NodeId, DirectoryEvents>();
  #opened = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  open(events: DirectoryEvents): Directory {
    const self = `node-${++this.#opened}`;
    this.#nodes.set(self, events);
    return {
      self,
      isAvailable: () => true,
      ask: async (question) => this.answer(self, question),
      enter: (room, member, hasCompleted) => this.enter(self, room, member, hasCompleted),
      leave: (room, peer) => this.leave(self, room, peer),
      forward: (to, parcel) => queueMicrotask(() => this.deliver(to, parcel)),
      close: async () => this.#close(self),
    };
  }

  answer(self: NodeId, question: Question): Answer {
    switch (question.kind) {
      case "swarm": {
        const { room, peer, complete, count } = question;
        const swarm = this.#swarms.get(room) ?? new Swarm<NodeId>();
        const holder = swarm.get(peer)?.home;
        const view = swarm.viewFor({ peer, home: self, complete, extended: true }, count, this.#random);
        return { kind: "swarm", holder: holder === self ? undefined : holder, ...view };
      }
      case "peer":
        return { kind: "peer", member: this.#swarms.get(question.room)?.get(question.peer) };
      case "counts":
        return {
          kind: "counts",
          swarms: question.rooms.map((room) => {
            const { seedCount = 0, leecherCount = 0, downloaded = 0 } = this.#swarms.get(room) ?? {};
            return { room, complete: seedCount, incomplete: leecherCount, downloaded };
          }),
        };
    }
  }

  enter(
    self: NodeId,
    room: string,
    { peer, complete, extended }: Member<unknown>,
    hasCompleted: boolean,
  ): void {
    const swarm = this.#swarms.get(room) ?? new Swarm<NodeId>();
    this.#swarms.set(room, swarm);
    swarm.put({ peer, home: self, complete, extended });
    if (hasCompleted) swarm.downloaded++;
  }

  leave(self: NodeId, room: string, peer: string): void {
    const swarm = this.#swarms.get(room);
    if (swarm?.get(peer)?.home === self) swarm.remove(peer);
    if (swarm?.size === 0) this.#swarms.delete(room);
  }

  deliver(to: NodeId, parcel: Parcel): void {
    this.#nodes.get(to)?.onParcel(parcel);
  }

  #close(self: NodeId): void {
    this.#nodes.delete(self);
    for (const [room, swarm] of [...this.#swarms]) {
      for (const { peer, home } of [...swarm.all()]) if (home === self) this.leave(self, room, peer);
    }
  }
}
