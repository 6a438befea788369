/** What every directory must do, whatever it keeps its peers in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Answer, Directory, DirectoryEvents, Parcel } from "./directory.ts";
import type { Member } from "./swarm.ts";

export interface Network {
  /** A directory for one more process, ready to be used. */
  open(events: DirectoryEvents): Promise<Directory>;
  close(): Promise<void>;
}

const room = "ab".repeat(20);
const otherRoom = "cd".repeat(20);
const ann = "a0".repeat(20);
const bob = "b0".repeat(20);
const cat = "c0".repeat(20);

const leecher = (peer: string): Member<unknown> => ({ peer, home: 1, complete: false, extended: true });
const seed = (peer: string): Member<unknown> => ({ peer, home: 1, complete: true, extended: false });

export function describeDirectory(name: string, makeNetwork: () => Promise<Network>): void {
  describe(`${name}: a directory`, () => {
    let network: Network;
    let here: Directory;
    let there: Directory;
    let parcels: { at: string; parcel: Parcel }[];
    let onParcel: () => void;

    beforeEach(async () => {
      parcels = [];
      onParcel = () => undefined;
      network = await makeNetwork();
      here = await open("here");
      there = await open("there");
    });

    afterEach(async () => {
      await here.close();
      await there.close();
      await network.close();
    });

    function open(at: string): Promise<Directory> {
      return network.open({
        onParcel(parcel) {
          parcels.push({ at, parcel });
          onParcel();
        },
        onRecovered: () => undefined,
      });
    }

    async function look(
      from: Directory,
      peer: string,
      changes = {},
    ): Promise<Extract<Answer, { kind: "swarm" }>> {
      const answer = await from.ask({ kind: "swarm", room, peer, complete: false, count: 50, ...changes });
      if (answer?.kind !== "swarm") throw new Error("no answer");
      return answer;
    }

    async function counts(from: Directory): Promise<Answer | undefined> {
      return from.ask({ kind: "counts", rooms: [room, otherRoom] });
    }

    it("shows each process the peers of the others, and where they are", async () => {
      here.enter(room, leecher(ann), false);
      here.enter(room, seed(bob), false);
      await counts(here);
      const view = await look(there, cat);
      expect(view).toMatchObject({ holder: undefined, complete: 1, incomplete: 1 });
      expect([...view.members].sort((a, b) => (a.peer < b.peer ? -1 : 1))).toEqual([
        { peer: ann, home: here.self, complete: false, extended: true },
        { peer: bob, home: here.self, complete: true, extended: false },
      ]);
      expect(await there.ask({ kind: "peer", room, peer: bob })).toEqual({
        kind: "peer",
        member: { peer: bob, home: here.self, complete: true, extended: false },
      });
      expect(await there.ask({ kind: "peer", room: otherRoom, peer: bob })).toEqual({
        kind: "peer",
        member: undefined,
      });
    });

    it("says who else has a peer id, and leaves the asker out of what it sees", async () => {
      here.enter(room, leecher(ann), false);
      await counts(here);
      expect(await look(there, ann)).toEqual({
        kind: "swarm",
        holder: here.self,
        complete: 0,
        incomplete: 0,
        members: [],
      });
      expect(await look(here, ann)).toMatchObject({ holder: undefined, incomplete: 0 });
    });

    it("shows no seeds to a seed, though it counts them", async () => {
      here.enter(room, leecher(ann), false);
      here.enter(room, seed(bob), false);
      await counts(here);
      const { complete, members } = await look(there, cat, { complete: true });
      expect(complete).toBe(1);
      expect(members.map(({ peer }) => peer)).toEqual([ann]);
    });

    it("shows at most as many as were asked for, each once, seeds and leechers alike", async () => {
      for (let i = 0; i < 30; i++) {
        const peer = i.toString(16).padStart(40, "0");
        here.enter(room, i % 3 === 0 ? seed(peer) : leecher(peer), false);
      }
      await counts(here);
      let seeds = 0;
      for (let round = 0; round < 100; round++) {
        const { members } = await look(there, cat, { count: 6 });
        expect(new Set(members.map(({ peer }) => peer)).size).toBe(6);
        seeds += members.filter(({ complete }) => complete).length;
      }
      // A third of 600, with a standard deviation of about 10.
      expect(Math.abs(seeds - 200)).toBeLessThan(70);
    });

    it("counts over all processes, and completions", async () => {
      here.enter(room, leecher(ann), false);
      there.enter(room, leecher(bob), false);
      here.enter(room, seed(ann), true);
      await counts(there);
      expect(await counts(here)).toEqual({
        kind: "counts",
        swarms: [
          { room, complete: 1, incomplete: 1, downloaded: 1 },
          { room: otherRoom, complete: 0, incomplete: 0, downloaded: 0 },
        ],
      });
    });

    it("forgets a peer that leaves and a swarm that is empty, but nobody takes out the peer of another", async () => {
      here.enter(room, seed(ann), true);
      await counts(here);
      there.leave(room, ann);
      await counts(there);
      expect(await look(there, cat)).toMatchObject({ complete: 1 });
      here.leave(room, ann);
      expect(await counts(here)).toMatchObject({ swarms: [{ complete: 0, downloaded: 0 }, {}] });
    });

    it("gives a peer id to who enters with it last", async () => {
      here.enter(room, leecher(ann), false);
      await counts(here);
      there.enter(room, leecher(ann), false);
      await counts(there);
      here.leave(room, ann);
      await counts(here);
      expect(await here.ask({ kind: "peer", room, peer: ann })).toMatchObject({
        member: { home: there.self },
      });
    });

    it("carries parcels to the process that they are for, in order", async () => {
      const sent: Parcel[] = [
        { kind: "claim", room, peer: ann, claimant: here.self },
        { kind: "claim-ended", room, peer: ann, isFree: true },
        {
          kind: "signal",
          signal: { kind: "offer", room, peer: ann, to: bob, offerId: cat, text: "\u0000ü" },
          extended: true,
        },
      ];
      const arrived = new Promise<void>((resolve) => {
        onParcel = () => parcels.length === sent.length && resolve();
      });
      for (const parcel of sent) here.forward(there.self, parcel);
      here.forward("nobody", { kind: "claim", room, peer: bob, claimant: here.self });
      await arrived;
      expect(parcels).toEqual(sent.map((parcel) => ({ at: "there", parcel })));
    });

    it("closes with what its process had", async () => {
      here.enter(room, leecher(ann), false);
      there.enter(room, leecher(bob), false);
      await counts(there);
      await counts(here);
      await here.close();
      expect(await look(there, cat)).toMatchObject({ incomplete: 1, members: [{ peer: bob }] });
    });
  });
}
