/**
 * The service worker: answers requests for files that the pages of this browser have, from those pages. It holds
 * no state of its own: a browser ends it and starts it again as it likes.
 *
 * Invariant: what `routeOf` does not know goes to the network as if there were no service worker.
 */
import type { FileStreamAnswer } from "../ports/file-stream.ts";
import { askPages } from "./asked-page.ts";
import { fileBody } from "./file-body.ts";
import { mediaResponse } from "./media-response.ts";
import type { PageRequest, SaveAnswer, WorkerRequest } from "./messages.ts";
import { type Route, routeOf } from "./routes.ts";
import type { FetchEvent, ServiceWorkerScope } from "./scope.ts";
import { zipResponse } from "./zip-response.ts";

// The global of a service worker has no type in the DOM library.
const scope = globalThis as unknown as ServiceWorkerScope;

/** Answers that are still being read. */
let openCount = 0;

scope.addEventListener("activate", (event) => event.waitUntil(scope.clients.claim()));

scope.addEventListener("message", (event) => {
  const { type } = event.data as WorkerRequest;
  if (type === "claim") event.waitUntil(scope.clients.claim());
  else event.source?.postMessage({ type: "open", count: openCount } satisfies PageRequest);
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const route = origin === location.origin ? routeOf(pathname) : undefined;
  if (route === undefined || (request.method !== "GET" && request.method !== "HEAD")) return;
  event.respondWith(respond(event, route));
});

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
