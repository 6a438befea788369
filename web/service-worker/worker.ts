/**
 * The service worker: answers requests for files that the pages of this browser have, from those pages, and for the
 * app itself when there is no network. A browser ends it and starts it again as it likes.
 *
 * Invariants
 *  1. What it does not know goes to the network as if there were no service worker.
 *  2. It never takes the place of an older one while a page of that is open: no transfer breaks, no page is left
 *     with parts of another build. There is no navigation preload either: it would tell the server the addresses
 *     below /media and /save.
 *  3. The first one keeps the app when a page says so, a newer one before it is ready to take over.
 */
import type { FileStreamAnswer } from "../ports/file-stream.ts";
import { askPages } from "./asked-page.ts";
import { fileBody } from "./file-body.ts";
import { mediaResponse } from "./media-response.ts";
import type { PageRequest, SaveAnswer, WorkerRequest } from "./messages.ts";
import { type Route, routeOf } from "./routes.ts";
import type { FetchEvent, ServiceWorkerScope } from "./scope.ts";
import { SHARE_TARGET, SHARED_PAGE, SharedFiles } from "./shared-files.ts";
import { type Shell, ShellCache } from "./shell.ts";
import { zipResponse } from "./zip-response.ts";

// The global of a service worker has no type in the DOM library.
const scope = globalThis as unknown as ServiceWorkerScope;

/** Put in by the build (vite-plugin.ts). */
declare const SHELL_OF_THIS_BUILD: Shell;

const shell = new ShellCache(SHELL_OF_THIS_BUILD, caches, (...wanted) => fetch(...wanted));
const shared = new SharedFiles();

/** Answers that are still being read. */
let openCount = 0;

scope.addEventListener("install", (event) => {
  // Where the browser can find the app's parts by itself, no page that opens waits for this thread.
  event.addRoutes?.([
    { condition: { urlPattern: "/assets/*" }, source: "cache" },
    { condition: { urlPattern: "/config" }, source: "network" },
  ]);
  if (scope.registration.active !== null) event.waitUntil(keepShell());
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([shell.discardOthers(), scope.clients.claim()]));
});

scope.addEventListener("message", (event) => {
  const answer = (request: PageRequest) => event.source?.postMessage(request);
  switch ((event.data as WorkerRequest).type) {
    case "claim":
      event.waitUntil(scope.clients.claim());
      break;
    case "keep":
      event.waitUntil(keepShell());
      break;
    case "shared":
      answer({ type: "shared", files: shared.take() });
      break;
    case "stay":
      answer({ type: "open", count: openCount });
  }
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  const isRead = request.method === "GET" || request.method === "HEAD";
  const route = isRead ? routeOf(pathname) : undefined;
  if (route !== undefined) event.respondWith(respond(event, route));
  else if (request.method === "GET" && shell.knows(pathname)) event.respondWith(shell.respond(request));
  else if (request.method === "POST" && pathname === SHARE_TARGET) event.respondWith(receive(event));
});

/** Without room, or while the server is away, it is tried again when the next page asks. */
function keepShell(): Promise<void> {
  return shell.keep().catch(() => {});
}

/** The page that opens says so when nothing came. */
async function receive(event: FetchEvent): Promise<Response> {
  const received = await shared.receive(event.request).catch(() => undefined);
  if (received !== undefined) event.waitUntil(received.held);
  return Response.redirect(SHARED_PAGE, 303);
}

async function respond({ request, clientId }: FetchEvent, route: Route): Promise<Response> {
  openCount++;
  const onEnded = () => {
    openCount--;
  };
  const response =
    route.type === "media"
      ? await media(request, clientId, route, onEnded)
      : await save(clientId, route, onEnded);
  if (response.body === null) onEnded();
  return response;
}

async function media(
  request: Request,
  clientId: string,
  { share, file, name }: Extract<Route, { type: "media" }>,
  onEnded: () => void,
): Promise<Response> {
  const page = await askPages<FileStreamAnswer>(scope, clientId, { type: "media", share, file });
  if (page === undefined) return notHere();
  const { port, opened } = page;
  const response = mediaResponse(request, name, opened.size, (range) => fileBody(port, range, onEnded));
  if (response.body === null) port.postMessage({ type: "close" });
  return response;
}

async function save(
  clientId: string,
  { id }: Extract<Route, { type: "save" }>,
  onEnded: () => void,
): Promise<Response> {
  const page = await askPages<SaveAnswer>(scope, clientId, { type: "save", id });
  return page === undefined ? notHere() : zipResponse(page.port, page.opened, onEnded);
}

function notHere(): Response {
  return new Response(null, { status: 404, headers: { "x-content-type-options": "nosniff" } });
}
