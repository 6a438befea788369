import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { CHUNK_BYTES, type FileStreamAnswer, type FileStreamRequest } from "../../ports/file-stream.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import { READERS_SETTLE_MS, STREAM_IDLE_MS, STREAMS_PER_SHARE } from "../limits.ts";
import { FileStreams } from "./file-streams.ts";

const PIECE_BYTES = 1024 * 1024;
/** Pieces 0, then 1 … 40 of the film, then 41. */
const lengths = [10, 40 * PIECE_BYTES - 5, 100];
const FILM = 1;

/** What a reader says and hears. */
class Reader {
  readonly port: MessagePort;
  readonly heard: FileStreamAnswer[] = [];
  readonly #own: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port = port2;
    this.#own = port1;
    port1.onmessage = ({ data }) => this.heard.push(data);
  }

  say(request: FileStreamRequest): void {
    this.#own.postMessage(request);
  }

  read(at: number, length = CHUNK_BYTES): void {
    this.say({ type: "read", at, length });
  }

  hears(type: FileStreamAnswer["type"], count = 1): Promise<void> {
    const times = () => this.heard.filter((answer) => answer.type === type).length;
    return vi.waitFor(() => expect(times()).toBe(count), { interval: 1, timeout: 30_000 });
  }

  /** All bytes so far. */
  get bytes(): number[][] {
    return this.heard.flatMap((answer) => (answer.type === "bytes" ? [[...answer.bytes]] : []));
  }

  close(): void {
    this.#own.close();
  }
}

const readers: Reader[] = [];
let clock: ManualClock;
let have: Set<number>;
let windows: [number, number][];
let streams: FileStreams;
let unreadable: boolean;

beforeEach(() => {
  clock = new ManualClock();
  have = new Set();
  windows = [];
  unreadable = false;
  const geometry = new Geometry(PIECE_BYTES, lengths);
  streams = new FileStreams({
    geometry,
    clock,
    source: () => ({
      // The bytes say which piece they are of and where in it they begin.
      read: async (piece, begin, length) => {
        if (unreadable) throw new Error("evicted");
        const bytes = new Uint8Array(length);
        bytes.set([piece, begin / 1024]);
        return bytes;
      },
      file: () => Promise.reject(new Error("not asked for")),
      close: () => Promise.resolve(),
    }),
    has: (piece) => have.has(piece),
    setWindow: (first, count) => windows.push([first, count]),
  });
});

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

function newReader(file = FILM): Reader {
  const reader = new Reader();
  readers.push(reader);
  streams.open(file, reader.port);
  return reader;
}

function store(piece: number): void {
  have.add(piece as PieceIndex);
  streams.onPieceStored();
}

describe("a reader", () => {
  test("is told the size first, and gets bytes of the piece that it asks for, no more than a chunk", async () => {
    store(3);
    const reader = newReader();
    reader.read(2 * PIECE_BYTES + 512 * 1024, PIECE_BYTES);
    await reader.hears("bytes");
    expect(reader.heard[0]).toEqual({ type: "opened", size: lengths[FILM] });
    const [bytes] = reader.bytes;
    expect(bytes?.slice(0, 2)).toEqual([3, 512 % 256]);
    expect(bytes?.length).toBe(CHUNK_BYTES);
  });

  test("gets what is left of a piece at its end, and of the file at its end", async () => {
    store(1);
    store(40);
    const reader = newReader();
    reader.read(PIECE_BYTES - 7);
    await reader.hears("bytes");
    reader.read(lengths[1] === undefined ? 0 : lengths[1] - 3, 3);
    await reader.hears("bytes", 2);
    expect(reader.bytes.map((bytes) => bytes.length)).toEqual([7, 3]);
  });

  test("waits for a piece that is not here, hears meanwhile that it is waited for, and gets it once stored", async () => {
    const reader = newReader();
    reader.read(0);
    await reader.hears("waiting");
    clock.advance(10_000);
    await reader.hears("waiting", 3);
    store(2);
    expect(reader.bytes).toEqual([]);
    store(1);
    await reader.hears("bytes");
    clock.advance(60_000);
    reader.read(5, 2);
    await reader.hears("bytes", 2);
    expect(reader.heard.filter(({ type }) => type === "waiting")).toHaveLength(3);
  });

  test.each<[string, FileStreamRequest]>([
    ["before the file", { type: "read", at: -1, length: 1 }],
    ["beyond its end", { type: "read", at: 40 * PIECE_BYTES - 6, length: 2 }],
    ["nothing", { type: "read", at: 0, length: 0 }],
    ["no number", { type: "read", at: Number.NaN, length: 1 }],
  ])("that asks for %s is turned away", async (_, request) => {
    store(40);
    const reader = newReader();
    reader.say(request);
    await reader.hears("failed");
    expect(reader.bytes).toEqual([]);
  });

  test("that asks again before it was answered is turned away", async () => {
    const reader = newReader();
    reader.read(0);
    reader.read(0);
    await reader.hears("failed");
  });

  test("hears that bytes can't be read", async () => {
    store(1);
    unreadable = true;
    const reader = newReader();
    reader.read(0);
    await reader.hears("failed");
  });

  test("is the oldest of too many: it gives way", async () => {
    const first = newReader();
    for (let i = 0; i < STREAMS_PER_SHARE; i++) newReader();
    await first.hears("failed");
  });

  test("hears the end when the share goes", async () => {
    const reader = newReader();
    reader.read(0);
    await reader.hears("waiting");
    streams.close();
    await reader.hears("failed");
  });
});

describe("the window", () => {
  const settled = () => {
    clock.advance(READERS_SETTLE_MS);
    return windows.at(-1);
  };

  test("begins where the reader is, reaches some way ahead, and never beyond the file", async () => {
    const reader = newReader();
    reader.read(2 * PIECE_BYTES);
    await reader.hears("waiting");
    expect(settled()).toEqual([3, 16]);
    const other = newReader();
    other.read(38 * PIECE_BYTES);
    await other.hears("waiting");
    expect(settled()).toEqual([39, 2]);
  });

  test("follows the newest reader that waits (a seek), and goes back when that one is served or gone", async () => {
    const before = newReader();
    before.read(0);
    await before.hears("waiting");
    const after = newReader();
    after.read(20 * PIECE_BYTES);
    await after.hears("waiting");
    expect(settled()).toEqual([21, 16]);
    after.say({ type: "close" });
    await after.hears("failed");
    expect(settled()).toEqual([1, 16]);
  });

  test("does not turn to others for the moment in which a reader that was served asks for its next piece", async () => {
    const before = newReader();
    before.read(0);
    await before.hears("waiting");
    const after = newReader();
    after.read(20 * PIECE_BYTES);
    await after.hears("waiting");
    settled();
    store(21);
    await after.hears("bytes");
    after.read(21 * PIECE_BYTES);
    await after.hears("waiting", 2);
    settled();
    expect(windows).toEqual([
      [21, 16],
      [22, 16],
    ]);
  });

  test("stays where somebody waits, though others read what is here", async () => {
    store(1);
    const waiting = newReader();
    waiting.read(20 * PIECE_BYTES);
    await waiting.hears("waiting");
    const other = newReader();
    other.read(0);
    await other.hears("bytes");
    expect(settled()).toEqual([21, 16]);
  });

  test("moves on with the reader, one piece at a time", async () => {
    store(1);
    store(2);
    const reader = newReader();
    reader.read(0);
    await reader.hears("bytes");
    settled();
    reader.read(PIECE_BYTES);
    await reader.hears("bytes", 2);
    settled();
    reader.read(PIECE_BYTES + CHUNK_BYTES);
    await reader.hears("bytes", 3);
    settled();
    expect(windows).toEqual([
      [1, 16],
      [2, 16],
    ]);
  });

  test("is lifted when nobody has read for a while, but not while somebody waits", async () => {
    store(1);
    const reader = newReader();
    reader.read(0);
    await reader.hears("bytes");
    clock.advance(STREAM_IDLE_MS);
    expect(settled()).toEqual([0, 0]);
    reader.read(5 * PIECE_BYTES);
    await reader.hears("waiting");
    clock.advance(10 * STREAM_IDLE_MS);
    expect(settled()).toEqual([6, 16]);
  });

  test("is lifted with the last stream", async () => {
    const reader = newReader();
    reader.read(0);
    await reader.hears("waiting");
    expect(settled()).toEqual([1, 16]);
    reader.say({ type: "close" });
    await reader.hears("failed");
    expect(settled()).toEqual([0, 0]);
  });

  test("is on the first piece of what is to be played soon, then on its last one, where many films have their index", async () => {
    streams.prepare(FILM);
    expect(windows).toEqual([[1, 1]]);
    store(1);
    expect(windows.at(-1)).toEqual([40, 1]);
    store(40);
    expect(windows.at(-1)).toEqual([0, 0]);
  });

  test("leaves what is to be played soon while somebody reads, and comes back to it", async () => {
    streams.prepare(FILM);
    const reader = newReader();
    reader.read(5 * PIECE_BYTES);
    await reader.hears("waiting");
    expect(settled()).toEqual([6, 16]);
    reader.say({ type: "close" });
    await reader.hears("failed");
    expect(settled()).toEqual([1, 1]);
  });

  test("is not put on a beginning that is here, or that nobody wants any more", () => {
    store(1);
    store(40);
    streams.prepare(FILM);
    expect(windows).toEqual([]);
    have.clear();
    streams.prepare(FILM);
    streams.prepare(undefined);
    expect(settled()).toEqual([0, 0]);
  });
});
