import { describe, expect, test } from "vitest";
import { createSyncDigests, SubtleHasher } from "../../adapters/hashing.ts";
import { MemoryPieceStore } from "../../adapters/storage/memory-piece-store.ts";
import { Bitfield } from "../../engine/bitfield.ts";
import { Geometry } from "../../engine/geometry.ts";
import type { Input, Output } from "../../engine/io.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import { merkleRoot } from "../../engine/metainfo/merkle.ts";
import { InvariantError, linkId, millis, type PeerId, type PieceIndex } from "../../engine/units.ts";
import { FaultyPieceStore } from "../../ports/faulty-piece-store.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import { type PieceStore, StorageFailedError, StorageFullError } from "../../ports/piece-store.ts";
import { Driver, type DriverEvents } from "./driver.ts";

const { sha256 } = await createSyncDigests();
const LINK = linkId(1);
const PIECE_BYTES = 32_768;
const geometry = new Geometry(PIECE_BYTES, [4 * PIECE_BYTES]);
const info = { version: "v2", name: "x", pieceLength: PIECE_BYTES } as Info;
const opened: Input = { type: "link-opened", link: LINK, peer: "" as PeerId, relayed: false };
const piece = (index: number) => index as PieceIndex;
const contents = (index: number) => new Uint8Array(PIECE_BYTES).fill(index + 1);

/** A driver over a swarm that answers each input with what `script` says. */
function setUp(script: (input: Input) => readonly Output[], store: PieceStore = memoryStore()) {
  const clock = new ManualClock();
  const inputs: Input[] = [];
  const sent: number[] = [];
  const happened: string[] = [];
  const failures: unknown[] = [];
  let refusal: Error | undefined;
  const swarm = {
    step(input: Input) {
      inputs.push(input);
      return script(input);
    },
  };
  const events: DriverEvents = {
    onMetadata: () => happened.push("metadata"),
    onMetadataInvalid: () => happened.push("invalid"),
    onHashesDisagree: () => happened.push("invalid"),
    onComplete: () => happened.push("complete"),
    onDiscovered: () => happened.push("discovered"),
    onIntroduction: () => happened.push("introduction"),
    onIntroductionRefused: () => happened.push("introduction refused"),
    onDropped: (link, reason) => happened.push(`dropped ${link} ${reason}`),
    onStoreOpened: () => happened.push("store-opened"),
    onStored: () => happened.push("stored"),
    onStoreFailed: (error) => failures.push(error),
    onReadFailed: (_piece, error) => failures.push(error),
    onBug: (error) => failures.push(error),
  };
  const ports = {
    clock,
    hasher: new SubtleHasher(),
    sha256,
    links: { send: (_link: number, bytes: Uint8Array) => sent.push(...bytes) },
    openStore: async () => {
      if (refusal !== undefined) throw refusal;
      return { store, source: store, have: new Bitfield(4), place: undefined };
    },
  };
  const refuse = (error: Error | undefined) => {
    refusal = error;
  };
  const driver = new Driver(swarm, undefined, ports, events);
  const fed = (type: Input["type"]) => inputs.filter((input) => input.type === type);
  return { driver, clock, inputs, fed, sent, happened, failures, refuse };
}

function memoryStore(): MemoryPieceStore {
  return new MemoryPieceStore(geometry, 10 * PIECE_BYTES);
}

/** Lets promises settle until the condition holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

async function rootOf(bytes: Uint8Array): Promise<Uint8Array> {
  return merkleRoot(await new SubtleHasher().leaves(bytes), 2, sha256);
}

function commit(bytes: Uint8Array, root: Uint8Array, index = 0): Output {
  return {
    type: "commit",
    piece: piece(index),
    bytes,
    check: { merkle: { root, width: 2 }, needsLeaves: true },
  };
}

describe("the run loop", () => {
  test("takes facts that come up while one is carried out afterwards, in their order", () => {
    const { driver, inputs } = setUp((input) => {
      if (input.type === "download-allowed")
        return [{ type: "drop", link: LINK, reason: "silent", ban: false }];
      return [];
    });
    driver.feed(opened);
    driver.feed({ type: "download-allowed", allowed: true });
    driver.feed({ type: "woke" });
    expect(inputs.map(({ type }) => type)).toEqual(["link-opened", "download-allowed", "woke"]);
  });

  test("is not entered twice when an order leads to a fact at once", () => {
    let depth = 0;
    let deepest = 0;
    const orders = setUp((input) => {
      deepest = Math.max(deepest, ++depth);
      if (input.type === "download-allowed") orders.driver.feed({ type: "woke" });
      depth--;
      return [];
    });
    orders.driver.feed({ type: "download-allowed", allowed: true });
    expect(orders.inputs.map(({ type }) => type)).toEqual(["download-allowed", "woke"]);
    expect(deepest).toBe(1);
  });

  test("wakes the engine at the last time that it asked for, and only then", () => {
    const times = [millis(50), millis(20)];
    const { driver, clock, fed } = setUp(() => {
      const at = times.shift();
      return at === undefined ? [] : [{ type: "wake-at", at }];
    });
    driver.feed(opened);
    driver.feed({ type: "download-allowed", allowed: true });
    clock.advance(19);
    expect(fed("woke")).toHaveLength(0);
    clock.advance(100);
    expect(fed("woke")).toHaveLength(1);
  });

  test("feeds nothing of a link that was dropped", () => {
    const { driver, fed, happened } = setUp((input) =>
      input.type === "woke" ? [{ type: "drop", link: LINK, reason: "silent", ban: false }] : [],
    );
    driver.feed(opened);
    driver.feed({ type: "woke" });
    driver.feed({ type: "bytes-received", link: LINK, bytes: new Uint8Array(1) });
    driver.feed({ type: "bytes-flushed", link: LINK, count: 1 });
    driver.feed({ type: "link-closed", link: LINK });
    expect([fed("bytes-received"), fed("bytes-flushed"), fed("link-closed")]).toEqual([[], [], []]);
    expect(happened).toEqual(["dropped 1 silent"]);
  });

  test("an engine that breaks an invariant ends its own swarm and nothing else", () => {
    const { driver, failures, inputs } = setUp(() => {
      throw new InvariantError("broken");
    });
    driver.feed(opened);
    driver.feed({ type: "woke" });
    expect(failures).toEqual([new InvariantError("broken")]);
    expect(inputs).toHaveLength(1);
  });
});

describe("sending and serving", () => {
  test("everything of one turn leaves together, at its end", async () => {
    const { driver, sent } = setUp((input) =>
      input.type === "woke" ? [{ type: "send", link: LINK, bytes: Uint8Array.of(1, 2) }] : [],
    );
    driver.feed(opened);
    driver.feed({ type: "woke" });
    driver.feed({ type: "woke" });
    expect(sent).toEqual([]);
    await until(() => sent.length > 0);
    expect(sent).toEqual([1, 2, 1, 2]);
  });

  test("[BEP 3] a served block has its header and stays in order with what is sent around it", async () => {
    const store = memoryStore();
    await store.write(piece(1), contents(1));
    const { driver, sent, fed } = setUp((input) => {
      if (input.type === "link-opened") return [{ type: "metadata-complete", info }];
      if (input.type !== "woke") return [];
      return [
        { type: "send", link: LINK, bytes: Uint8Array.of(9) },
        { type: "serve", link: LINK, piece: piece(1), begin: 16, length: 3, padding: 0 },
        { type: "send", link: LINK, bytes: Uint8Array.of(8) },
      ];
    }, store);
    driver.feed(opened);
    await until(() => fed("storage-opened").length > 0);
    driver.feed({ type: "woke" });
    await until(() => sent.length >= 18);
    expect(sent).toEqual([9, 0, 0, 0, 12, 7, 0, 0, 0, 1, 0, 0, 0, 16, 2, 2, 2, 8]);
  });

  test("a block that cannot be read is told to the engine, and what follows is sent", async () => {
    const { driver, sent, fed, failures } = setUp((input) => {
      if (input.type === "link-opened") return [{ type: "metadata-complete", info }];
      if (input.type !== "woke") return [];
      return [
        { type: "serve", link: LINK, piece: piece(2), begin: 0, length: 3, padding: 0 },
        { type: "send", link: LINK, bytes: Uint8Array.of(8) },
      ];
    });
    driver.feed(opened);
    await until(() => fed("storage-opened").length > 0);
    driver.feed({ type: "woke" });
    await until(() => fed("serve-failed").length > 0);
    expect(fed("serve-failed")).toEqual([
      { type: "serve-failed", link: LINK, piece: 2, begin: 0, length: 3 },
    ]);
    expect(failures).toHaveLength(1);
    await until(() => sent.length > 0);
    expect(sent).toEqual([8]);
  });
});

test("a block that cannot be read is told to the engine though its link was closed meanwhile", async () => {
  const { driver, fed } = setUp((input) => {
    if (input.type === "link-opened") return [{ type: "metadata-complete", info }];
    if (input.type !== "woke") return [];
    return [{ type: "serve", link: LINK, piece: piece(2), begin: 0, length: 3, padding: 0 }];
  });
  driver.feed(opened);
  await until(() => fed("storage-opened").length > 0);
  driver.feed({ type: "woke" });
  driver.feed({ type: "link-closed", link: LINK });
  await until(() => fed("serve-failed").length > 0);
  expect(fed("serve-failed")).toHaveLength(1);
});

describe("committing a piece", () => {
  /** Opens the store, commits, and returns what the engine was told. */
  async function commitOne(order: Output, store?: PieceStore) {
    const driven = setUp((input) => {
      if (input.type === "link-opened") return [{ type: "metadata-complete", info }];
      return input.type === "storage-opened" ? [order] : [];
    }, store);
    driven.driver.feed(opened);
    await until(() => driven.fed("piece-committed").length > 0);
    return { ...driven, outcome: driven.fed("piece-committed")[0] };
  }

  test("[BEP 52] a piece whose leaves have the right root is stored, and the engine gets its leaves", async () => {
    const store = memoryStore();
    const { outcome } = await commitOne(commit(contents(0), await rootOf(contents(0))), store);
    expect(outcome).toMatchObject({ result: "stored", leaves: await new SubtleHasher().leaves(contents(0)) });
    expect(await store.read(piece(0), 0, PIECE_BYTES)).toEqual(contents(0));
  });

  test("a corrupt piece is not stored", async () => {
    const store = memoryStore();
    const { outcome } = await commitOne(commit(contents(1), await rootOf(contents(0))), store);
    expect(outcome).toMatchObject({
      result: "corrupt",
      leaves: await new SubtleHasher().leaves(contents(1)),
    });
    await expect(store.read(piece(0), 0, 1)).rejects.toThrow();
  });

  test("a full disk fails the commit and is said once", async () => {
    const full = new FaultyPieceStore(memoryStore(), { type: "full", afterBytes: 10 });
    const { outcome, failures } = await commitOne(commit(contents(0), await rootOf(contents(0))), full);
    expect(outcome).toMatchObject({ result: "failed" });
    expect(failures).toEqual([expect.any(StorageFullError)]);
  });

  test("every commit is answered once, also when there are more than are carried out at once", async () => {
    const root = await rootOf(contents(0));
    const { driver, fed } = setUp((input) => {
      if (input.type === "link-opened") return [{ type: "metadata-complete", info }];
      if (input.type !== "storage-opened") return [];
      return Array.from({ length: 40 }, (_, i) => commit(contents(0), root, i % 4));
    });
    driver.feed(opened);
    await until(() => fed("piece-committed").length >= 40);
    expect(fed("piece-committed")).toHaveLength(40);
  });

  test("a store that cannot be opened is said, and can be tried again", async () => {
    const { driver, failures, happened, refuse } = setUp((input) =>
      input.type === "link-opened" ? [{ type: "metadata-complete", info }] : [],
    );
    refuse(new StorageFailedError());
    driver.feed(opened);
    await until(() => failures.length > 0);
    expect(happened).toEqual(["metadata"]);
    refuse(undefined);
    driver.openStore(info);
    await until(() => happened.includes("store-opened"));
    expect(failures).toEqual([expect.any(StorageFailedError)]);
  });
});
