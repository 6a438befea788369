/**
 * What a service worker has around it (W3C Service Workers), as far as this one uses it. The DOM library leaves it
 * out, and the worker library cannot stand beside it.
 */

export interface PageClient {
  readonly id: string;
  readonly frameType: "auxiliary" | "top-level" | "nested" | "none";
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

export interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface InstallEvent extends ExtendableEvent {
  /** Says what the browser may answer by itself (Service Workers: static routing); what it knows not goes on as ever. */
  addRoutes?(routes: readonly StaticRoute[]): void;
}

export interface StaticRoute {
  readonly condition: { readonly urlPattern: string };
  /** "cache": as any cache has it, else as the network has it. */
  readonly source: "cache" | "network";
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  /** Who asks; empty for the navigation of a window that is not there yet. */
  readonly clientId: string;
  respondWith(response: Response | Promise<Response>): void;
}

export interface PageMessageEvent extends ExtendableEvent {
  readonly data: unknown;
  readonly source: PageClient | null;
}

export interface ServiceWorkerScope {
  /** `active`: the service worker that pages have, which is not this one while this one is installed. */
  readonly registration: { readonly active: object | null };
  readonly clients: {
    claim(): Promise<void>;
    get(id: string): Promise<PageClient | undefined>;
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly PageClient[]>;
  };
  addEventListener(type: "install", listener: (event: InstallEvent) => void): void;
  addEventListener(type: "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: PageMessageEvent) => void): void;
}
