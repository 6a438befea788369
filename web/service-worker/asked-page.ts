/**
 * Asks the pages of this browser for something that one of them has.
 *
 * Invariants
 *  1. A page in the foreground of the request is asked alone; a new window or a frame is nobody, so all are asked.
 *  2. The first page that has it is taken, the others hear `close`.
 */
import { ANSWER_TIMEOUT_MS, type PageRequest } from "./messages.ts";
import type { PageClient, ServiceWorkerScope } from "./scope.ts";

/** A page that has it: its first answer, and the port on which the rest follows. */
export interface AskedPage<Answer> {
  readonly opened: Answer;
  readonly port: MessagePort;
}

type Wish =
  | Omit<Extract<PageRequest, { type: "media" }>, "port">
  | Omit<Extract<PageRequest, { type: "save" }>, "port">;

export async function askPages<Answer extends { readonly type: string }>(
  { clients }: Pick<ServiceWorkerScope, "clients">,
  clientId: string,
  wish: Wish,
): Promise<AskedPage<Extract<Answer, { type: "opened" }>> | undefined> {
  const asking = clientId === "" ? undefined : await clients.get(clientId);
  const all = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = asking?.frameType === "top-level" ? [asking] : all.filter(isPage);
  if (pages.length === 0) return undefined;
  return firstToOpen<Answer>(pages, wish);
}

function isPage({ frameType }: PageClient): boolean {
  return frameType === "top-level" || frameType === "auxiliary";
}

function firstToOpen<Answer extends { readonly type: string }>(
  pages: readonly PageClient[],
  wish: Wish,
): Promise<AskedPage<Extract<Answer, { type: "opened" }>> | undefined> {
  return new Promise((resolve) => {
    const ports = new Set<MessagePort>();
    const settle = (page: AskedPage<Extract<Answer, { type: "opened" }>> | undefined) => {
      clearTimeout(timer);
      for (const port of ports) if (port !== page?.port) hangUp(port);
      resolve(page);
    };
    const timer = setTimeout(() => settle(undefined), ANSWER_TIMEOUT_MS);
    for (const page of pages) {
      const { port1: port, port2: theirs } = new MessageChannel();
      ports.add(port);
      port.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (isOpened(data)) return settle({ opened: data, port });
        hangUp(port);
        ports.delete(port);
        if (ports.size === 0) settle(undefined);
      };
      page.postMessage({ ...wish, port: theirs }, [theirs]);
    }
  });
}

function isOpened<Answer extends { readonly type: string }>(
  answer: Answer,
): answer is Extract<Answer, { type: "opened" }> {
  return answer.type === "opened";
}

function hangUp(port: MessagePort): void {
  port.postMessage({ type: "close" });
  port.close();
}
