/**
 * Files that a page has as one archive, made while the browser downloads it: each file is asked for when its turn
 * comes and read at the pace at which the browser takes the archive.
 *
 * Invariants
 *  1. `Content-Length` is exact, so that a download that breaks off is never taken for a complete one.
 *  2. The page hears how it ended, exactly once.
 */
import { archiveLength, makeArchive } from "./archive.ts";
import { contentDisposition } from "./media-response.ts";
import {
  ANSWER_TIMEOUT_MS,
  type SaveAnswer,
  type SavedEntry,
  type SaveOutcome,
  type SaveRequest,
} from "./messages.ts";

/** Between two words on how far it is, ms. */
const PROGRESS_EVERY_MS = 250;

interface SavePort {
  onmessage: ((event: MessageEvent<SaveAnswer>) => void) | null;
  postMessage(message: SaveRequest): void;
  close(): void;
}

export function zipResponse(
  port: SavePort,
  { name, entries }: Extract<SaveAnswer, { type: "opened" }>,
  onEnded: () => void,
): Response {
  const length = archiveLength(entries);
  const zip = makeArchive(files(port, entries), entries).getReader();
  const end = (outcome: SaveOutcome) => {
    port.postMessage({ type: "ended", outcome });
    port.close();
    onEnded();
  };
  const tell = progressTeller(port, length);
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await zip.read();
          if (done) {
            controller.close();
            end("complete");
          } else {
            controller.enqueue(value);
            tell(value.length);
          }
        } catch (error) {
          controller.error(error);
          end("failed");
        }
      },
      async cancel(reason) {
        end("cancelled");
        // It answers with the reason, as a failure; there is nobody left whom that would help.
        await zip.cancel(reason).catch(() => {});
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "cache-control": "no-store",
      "content-disposition": contentDisposition("attachment", name),
      "content-length": String(length),
      "content-security-policy": "default-src 'none'; sandbox",
      "content-type": "application/zip",
      "x-content-type-options": "nosniff",
    },
  });
}

async function* files(port: SavePort, entries: readonly SavedEntry[]) {
  for (const [index, { path, size }] of entries.entries()) {
    const blob = await want(port, index);
    if (blob?.size !== size) throw new Error("A file is no longer what it was.");
    const lastModified = blob instanceof File ? blob.lastModified : Date.now();
    yield { input: blob, name: path, size, lastModified };
  }
}

function want(port: SavePort, entry: number): Promise<Blob | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ANSWER_TIMEOUT_MS);
    port.onmessage = ({ data }) => {
      clearTimeout(timer);
      resolve(data.type === "file" ? data.blob : undefined);
    };
    port.postMessage({ type: "want", entry });
  });
}

function progressTeller(port: SavePort, of: number): (count: number) => void {
  let bytes = 0;
  let toldAt = 0;
  return (count) => {
    bytes += count;
    if (Date.now() - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = Date.now();
    port.postMessage({ type: "progress", bytes, of });
  };
}
