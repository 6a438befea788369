/**
 * The session as the page sees it: commands go to the worker, snapshots come from it.
 *
 * Invariants
 *  1. A link that is open already is opened under the id that it has.
 *  2. Opening the same link again, before the first snapshot too, gives the same id.
 */
import type { InfoHashes } from "../engine/metainfo/info-hashes.ts";
import { parseShareText } from "../engine/metainfo/share-link.ts";
import type { ChosenFile, Commands, LinkProblem, OpenedTorrent, ShareOptions } from "./commands.ts";
import {
  type Answers,
  type PageMessage,
  type Question,
  SnapshotUnpacker,
  type WorkerMessage,
} from "./page-messages.ts";
import type { Settings, ShareLimits } from "./settings.ts";
import { shareIdOf } from "./share/share-id.ts";
import type { FileSnapshot, SessionSnapshot, ShareId, ShareSnapshot, StorageReport } from "./snapshot.ts";

/** A worker, as far as the client uses it. */
export interface SessionPort {
  postMessage(message: PageMessage, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent<WorkerMessage>) => void): void;
}

export interface SessionClientEvents {
  onSnapshot(snapshot: SessionSnapshot): void;
  /** The session waits for the page's links at the other end of `port`. */
  onLinksWanted(port: MessagePort): void;
  /** The person wants something to be stored: the moment to ask the browser to keep it. */
  onDownload(): void;
  /** Keys of passwords that were right, until the tab is closed. */
  readonly keys: {
    get(id: ShareId): Uint8Array | undefined;
    keep(id: ShareId, key: Uint8Array): void;
    forget(id: ShareId): void;
  };
  /** Asks for leave to read what the handles lead to; settles when the person has answered, whatever they said. */
  askToRead(handles: readonly unknown[]): Promise<void>;
}

export class SessionClient implements Commands {
  readonly #port: SessionPort;
  readonly #events: SessionClientEvents;
  readonly #unpacker = new SnapshotUnpacker();
  readonly #waiting = new Map<number, (answer: never) => void>();
  #questionCount = 0;
  #shown: SessionSnapshot | undefined;

  /** @param events called from the worker's messages, never from within a call into the client. */
  constructor(port: SessionPort, events: SessionClientEvents) {
    this.#port = port;
    this.#events = events;
    port.addEventListener("message", ({ data }) => this.#onMessage(data));
  }

  share(files: readonly ChosenFile[], options: ShareOptions): ShareId {
    const id = crypto.randomUUID();
    this.#post({ type: "share", id, files, options });
    return id;
  }

  open(text: string): { readonly id: ShareId } | { readonly problem: LinkProblem } {
    const link = parseShareText(text);
    if (!link.ok) return { problem: link.reason };
    const shown = this.#idOf(link.value);
    if (shown !== undefined) return { id: shown };
    const id = shareIdOf(link.value);
    this.#post({ type: "open", id, text, key: this.#events.keys.get(id) });
    return { id };
  }

  openTorrent(file: Blob): Promise<OpenedTorrent> {
    return this.#ask({ about: "torrent", file });
  }

  torrentFile(id: ShareId): Promise<Blob | undefined> {
    return this.#ask({ about: "torrent-file", id });
  }

  download(id: ShareId): void {
    this.#post({ type: "download", id });
    this.#events.onDownload();
  }

  pause(id: ShareId): void {
    this.#post({ type: "pause", id });
  }

  resume(id: ShareId): void {
    void this.#goOn("resume", id);
  }

  stop(id: ShareId): void {
    this.#post({ type: "stop", id });
  }

  restart(id: ShareId): void {
    void this.#goOn("restart", id);
  }

  forget(id: ShareId): void {
    this.#post({ type: "forget", id });
    this.#events.keys.forget(id);
  }

  want(id: ShareId, wanted: readonly boolean[]): void {
    this.#post({ type: "want", id, wanted });
  }

  unlock(id: ShareId, password: string): void {
    this.#post({ type: "unlock", id, password });
  }

  limit(id: ShareId, limits: ShareLimits): void {
    this.#post({ type: "limit", id, limits });
  }

  configure(settings: Settings): void {
    this.#post({ type: "configure", settings });
  }

  files(id: ShareId): Promise<readonly FileSnapshot[]> {
    return this.#ask({ about: "files", id });
  }

  blob(id: ShareId, file: number): Promise<Blob | undefined> {
    return this.#ask({ about: "blob", id, file });
  }

  storage(): Promise<StorageReport> {
    return this.#ask({ about: "storage" });
  }

  stream(id: ShareId, file: number, port: MessagePort): void {
    this.#port.postMessage({ type: "stream", id, file, port }, [port]);
  }

  snapshot(): Promise<SessionSnapshot> {
    return this.#ask({ about: "snapshot" });
  }

  trace(id: ShareId): Promise<string> {
    return this.#ask({ about: "trace", id });
  }

  #idOf({ infoHash, infoHashV1 }: InfoHashes): ShareId | undefined {
    const isShown = ({ infohashV2, infohashV1 }: ShareSnapshot) =>
      infohashV2 === infoHash || (infoHashV1 !== undefined && infohashV1 === infoHashV1);
    return this.#shown?.shares.find(isShown)?.id;
  }

  /** Files of an earlier session may be read only after the page asked for it, within the click that led here. */
  async #goOn(type: "resume" | "restart", id: ShareId): Promise<void> {
    const share = this.#shown?.shares.find((shown) => shown.id === id);
    if (share?.restored && share.role === "sender") {
      const handles = await this.#ask({ about: "handles", id });
      if (handles.length > 0) await this.#events.askToRead(handles);
    }
    this.#post({ type, id });
  }

  #post(message: PageMessage): void {
    this.#port.postMessage(message);
  }

  #ask<About extends Question["about"]>(question: Question & { about: About }): Promise<Answers[About]> {
    const number = ++this.#questionCount;
    this.#post({ type: "ask", number, question });
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  #onMessage(message: WorkerMessage): void {
    switch (message.type) {
      case "links":
        this.#events.onLinksWanted(message.port);
        break;
      case "snapshot":
        this.#shown = this.#unpacker.unpack(message.snapshot);
        this.#events.onSnapshot(this.#shown);
        break;
      case "unlocked":
        this.#events.keys.keep(message.id, message.key);
        break;
      case "answer":
        // The worker answers each question with what `Answers` says of it; only types cannot follow the number.
        this.#waiting.get(message.number)?.(message.answer as never);
        this.#waiting.delete(message.number);
    }
  }
}
