/**
 * The page's side of the service worker: registers it, answers what it asks, and keeps it awake meanwhile.
 *
 * Invariants
 *  1. Everything works without it, in its own way: a browser may have none (private windows of Firefox), or the
 *     page may have been loaded around it.
 *  2. It is told to stay only while something is being read through it.
 */

import {
  type PageRequest,
  type SaveAnswer,
  type SaveRequest,
  STAY_EVERY_MS,
  type WorkerRequest,
} from "../service-worker/messages.ts";
import { mediaPath } from "../service-worker/routes.ts";

/** The script's name never changes: it is how a browser finds out that there is a newer one. */
const SCRIPT = "/service-worker.js";

/** The first transfer may take the network before the app is kept for when there is none, ms. */
const KEEP_AFTER_MS = 3_000;

/** A word to it that stays without an answer this many times: it is gone. */
const SILENT_TIMES = 3;

/** `MessagePort` towards whoever makes an archive. */
export interface SavePort {
  onmessage: ((event: MessageEvent<SaveRequest>) => void) | null;
  postMessage(message: SaveAnswer): void;
  close(): void;
}

export interface PageEvents {
  /** Somebody reads a file of a share; give the port to the session. */
  onStream(share: string, file: number, port: MessagePort): void;
  /** What the system handed to the app; empty when that got lost. */
  onShared(files: readonly File[]): void;
}

export class PageServiceWorker {
  readonly #container: ServiceWorkerContainer | undefined;
  readonly #events: PageEvents;
  readonly #offers = new Map<string, (port: SavePort) => void>();
  readonly #lossListeners = new Set<() => void>();
  #staying: ReturnType<typeof setInterval> | undefined;
  #unanswered = 0;

  /** @param container `navigator.serviceWorker`, which is missing on some pages. */
  constructor(container: ServiceWorkerContainer | undefined, events: PageEvents) {
    this.#container = container;
    this.#events = events;
    container?.addEventListener("message", ({ data }: MessageEvent<PageRequest>) => this.#onRequest(data));
    container?.startMessages();
  }

  /** Call it when the page has loaded: it competes with everything else for the network. */
  async register(): Promise<void> {
    try {
      await this.#container?.register(SCRIPT);
      const { active } = (await this.#container?.ready) ?? {};
      if (!this.isServing) active?.postMessage({ type: "claim" } satisfies WorkerRequest);
      setTimeout(() => active?.postMessage({ type: "keep" } satisfies WorkerRequest), KEEP_AFTER_MS);
    } catch {
      // Refused by the browser or its settings: invariant 1.
    }
  }

  /** Requests of this page go through it. */
  get isServing(): boolean {
    return Boolean(this.#container?.controller);
  }

  /** Asks for what the system handed to the app; to be called by the page that was opened for it. */
  askForShared(): void {
    const controller = this.#container?.controller;
    if (controller) controller.postMessage({ type: "shared" } satisfies WorkerRequest);
    else this.#events.onShared([]);
  }

  /** Where a file of a share can be read while it is arriving; undefined without a service worker. */
  mediaUrl(share: string, file: number, name: string): string | undefined {
    return this.isServing ? mediaPath(share, file, name) : undefined;
  }

  /** @param onAsked called with a port when somebody comes for what is offered, once. @returns takes it back. */
  offer(id: string, onAsked: (port: SavePort) => void): () => void {
    this.#offers.set(id, onAsked);
    return () => this.#offers.delete(id);
  }

  /** Calls back when the service worker is gone or reads nothing more, and what was being read with it. */
  onLost(listener: () => void): () => void {
    this.#lossListeners.add(listener);
    return () => this.#lossListeners.delete(listener);
  }

  #onRequest(request: PageRequest): void {
    switch (request.type) {
      case "media":
        this.#stay();
        this.#events.onStream(request.share, request.file, request.port);
        break;
      case "save":
        this.#onSave(request.id, request.port);
        break;
      case "open":
        this.#unanswered = 0;
        if (request.count === 0) this.#rest();
        break;
      case "shared":
        this.#events.onShared(request.files);
    }
  }

  #onSave(id: string, port: SavePort): void {
    const onAsked = this.#offers.get(id);
    if (onAsked === undefined) {
      port.postMessage({ type: "refused" });
      port.close();
      return;
    }
    this.#offers.delete(id);
    this.#stay();
    onAsked(port);
  }

  #stay(): void {
    this.#unanswered = 0;
    this.#staying ??= setInterval(() => {
      if (this.#unanswered++ >= SILENT_TIMES) this.#rest();
      else this.#container?.controller?.postMessage({ type: "stay" } satisfies WorkerRequest);
    }, STAY_EVERY_MS);
  }

  #rest(): void {
    clearInterval(this.#staying);
    this.#staying = undefined;
    for (const listener of [...this.#lossListeners]) listener();
  }
}
