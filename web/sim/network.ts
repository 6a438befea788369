/**
 * What lies between machines: it hands over each letter when it is due. Machines are dealt to parts by their numbers,
 * each part has an own network and an own clock; what is for a machine of another part goes `abroad`.
 *
 * Link numbers are dealt out in the same way, so that a number says where the link's end is.
 */
import { type LinkId, linkId } from "../engine/units.ts";
import type { EventHeap } from "./event-heap.ts";
import type { Letter, MachineNumber } from "./letter.ts";
import { LinkEnd, type LinkOwner } from "./link-end.ts";

/** Takes letters to another part. */
export interface Abroad {
  send(part: number, at: number, letter: Letter): void;
}

/** Messages for the other end of a link. */
export interface Parcel {
  readonly end: LinkEnd;
  readonly bytes: Uint8Array;
}

/** Which of how many parts a network is. */
export interface Part {
  readonly index: number;
  readonly count: number;
  readonly abroad: Abroad | undefined;
}

/** One part is all. */
export const WHOLE: Part = { index: 0, count: 1, abroad: undefined };

/** Whom offers come to. */
export interface Offered {
  onOffer(offer: Extract<Letter, { type: "offer" }>): void;
}

export class Network {
  readonly heap: EventHeap;
  readonly part: Part;
  /** Called when a machine of another part leaves. */
  onLeft: (machine: MachineNumber) => void = () => {};
  readonly #machines = new Map<MachineNumber, Offered>();
  readonly #ends = new Map<LinkId, LinkEnd>();
  #linksMade = 0;

  constructor(heap: EventHeap, part: Part) {
    this.heap = heap;
    this.part = part;
  }

  add(number: MachineNumber, machine: Offered): void {
    this.#machines.set(number, machine);
  }

  /** An end of a link that is not open yet. */
  makeEnd(owner: LinkOwner, other: MachineNumber): LinkEnd {
    const { index, count } = this.part;
    const end = new LinkEnd(this, owner, linkId(++this.#linksMade * count + index), other);
    this.#ends.set(end.here, end);
    return end;
  }

  endOf(link: LinkId): LinkEnd | undefined {
    return this.#ends.get(link);
  }

  forget(end: LinkEnd): void {
    end.isOpen = false;
    this.#ends.delete(end.here);
  }

  send(at: number, letter: Exclude<Letter, { type: "left" }>): void {
    const part = letter.to % this.part.count;
    if (part === this.part.index) this.heap.at(at, () => this.deliver(letter));
    else this.part.abroad?.send(part, at, letter);
  }

  /** Messages that leave together arrive in one event, and are flushed then. */
  sendTogether(at: number, parcels: readonly Parcel[]): void {
    const { count, index, abroad } = this.part;
    if (abroad !== undefined) {
      for (const { end, bytes } of parcels) {
        if (end.there === undefined || end.there % count === index) continue;
        abroad.send(end.there % count, at, { type: "messages", to: end.there, bytes });
      }
    }
    this.heap.at(at, () => {
      for (const { end, bytes } of parcels) {
        if (end.there !== undefined) this.#ends.get(end.there)?.onMessages(bytes);
        end.flush(bytes.length);
      }
    });
  }

  /** Tells all other parts. */
  announceLeft(at: number, machine: MachineNumber): void {
    const { index, count, abroad } = this.part;
    for (let part = 0; part < count; part++)
      if (part !== index) abroad?.send(part, at, { type: "left", machine });
  }

  deliver(letter: Letter): void {
    switch (letter.type) {
      case "messages":
        this.#ends.get(letter.to)?.onMessages(letter.bytes);
        break;
      case "block":
        this.#ends.get(letter.to)?.onBlock(letter.message);
        break;
      case "backlog":
        this.#ends.get(letter.to)?.onBacklog(letter.until);
        break;
      case "closed": {
        const end = this.#ends.get(letter.to);
        end?.owner.onClosed(end);
        break;
      }
      case "offer":
        this.#machines.get(letter.to)?.onOffer(letter);
        break;
      case "accepted": {
        const end = this.#ends.get(letter.to);
        end?.agree(letter.link, letter.downBytesPerSecond);
        end?.owner.onAccepted(end);
        break;
      }
      case "refused": {
        const end = this.#ends.get(letter.to);
        end?.owner.onRefused(end);
        break;
      }
      case "left":
        this.onLeft(letter.machine);
        break;
    }
  }
}
