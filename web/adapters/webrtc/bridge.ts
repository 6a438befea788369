/**
 * Links across a MessagePort: the session in the worker, WebRTC on the page.
 *
 * Invariants
 *  1. Bytes are transferred, never copied.
 *  2. `remoteLinks` keeps the port's contract by itself: once a link was closed there, nothing that was still
 *     on its way from the page is reported.
 */
import type { LinkId } from "../../engine/units.ts";
import type { LinkEnd, LinkEvents, LinkOptions, Links, Route, Signal } from "../../ports/links.ts";

/** From the worker to the page. */
type LinkCall =
  | { readonly type: "begin"; readonly link: LinkId; readonly options: LinkOptions }
  | { readonly type: "signal"; readonly link: LinkId; readonly signal: Signal }
  | { readonly type: "send"; readonly link: LinkId; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "close"; readonly link: LinkId };

/** From the page to the worker. */
type LinkEvent =
  | { readonly type: "signal"; readonly link: LinkId; readonly signal: Signal }
  | { readonly type: "opened"; readonly link: LinkId }
  | { readonly type: "route"; readonly link: LinkId; readonly route: Route }
  | { readonly type: "bytes"; readonly link: LinkId; readonly bytes: Uint8Array }
  | { readonly type: "flushed"; readonly link: LinkId; readonly count: number }
  | { readonly type: "closed"; readonly link: LinkId; readonly end: LinkEnd };

/**
 * On the page: lets the other end of `port` use the links that `makeLinks` makes. Owns `port`.
 * @returns what ends it, for when the worker is gone: closes every link.
 */
export function exposeLinks(makeLinks: (events: LinkEvents) => Links, port: MessagePort): () => void {
  const post = (event: LinkEvent, transfer: Transferable[] = []) => port.postMessage(event, transfer);
  const begun = new Set<LinkId>();
  const links = makeLinks({
    onSignal: (link, signal) => post({ type: "signal", link, signal }),
    onOpened: (link) => post({ type: "opened", link }),
    onRoute: (link, route) => post({ type: "route", link, route }),
    onBytes: (link, bytes) => post({ type: "bytes", link, bytes }, transferOf(bytes)),
    onFlushed: (link, count) => post({ type: "flushed", link, count }),
    onClosed: (link, end) => {
      begun.delete(link);
      post({ type: "closed", link, end });
    },
  });
  port.onmessage = ({ data }: MessageEvent<LinkCall>) => {
    if (data.type === "begin") begun.add(data.link);
    carryOut(links, data);
  };
  return () => {
    for (const link of begun) links.close(link);
    port.close();
  };
}

function carryOut(links: Links, call: LinkCall): void {
  switch (call.type) {
    case "begin":
      links.begin(call.link, call.options);
      break;
    case "signal":
      links.signal(call.link, call.signal);
      break;
    case "send":
      links.send(call.link, call.bytes);
      break;
    case "close":
      links.close(call.link);
      break;
  }
}

/** In the worker: the links that the page exposes at the other end of `port`. Owns `port`. */
export function remoteLinks(port: MessagePort, events: LinkEvents): Links {
  const post = (call: LinkCall, transfer: Transferable[] = []) => port.postMessage(call, transfer);
  const live = new Set<LinkId>();
  port.onmessage = ({ data }: MessageEvent<LinkEvent>) => {
    if (!live.has(data.link)) return;
    if (data.type === "closed") live.delete(data.link);
    report(events, data);
  };
  return {
    begin: (link, options) => {
      live.add(link);
      post({ type: "begin", link, options });
    },
    signal: (link, signal) => {
      if (live.has(link)) post({ type: "signal", link, signal });
    },
    send: (link, bytes) => {
      if (live.has(link)) post({ type: "send", link, bytes }, transferOf(bytes));
    },
    close: (link) => {
      if (!live.delete(link)) return;
      post({ type: "close", link });
      queueMicrotask(() => events.onClosed(link, "closed-here"));
    },
  };
}

function report(events: LinkEvents, event: LinkEvent): void {
  switch (event.type) {
    case "signal":
      events.onSignal(event.link, event.signal);
      break;
    case "opened":
      events.onOpened(event.link);
      break;
    case "route":
      events.onRoute(event.link, event.route);
      break;
    case "bytes":
      events.onBytes(event.link, event.bytes);
      break;
    case "flushed":
      events.onFlushed(event.link, event.count);
      break;
    case "closed":
      events.onClosed(event.link, event.end);
      break;
  }
}

function transferOf(bytes: Uint8Array): Transferable[] {
  return bytes.buffer instanceof ArrayBuffer ? [bytes.buffer] : [];
}
