/**
 * Bytes of a file as the body of a response, fetched over a port one chunk at a time and only when the browser
 * has room for them.
 *
 * Invariants
 *  1. Ends with an error when nobody is at the other end any more; never waits for a silent one for ever.
 *  2. Says `close` exactly once, however it ends.
 */
import {
  CHUNK_BYTES,
  type FileStreamAnswer,
  type FileStreamPort,
  SILENT_AFTER_MS,
} from "../ports/file-stream.ts";
import type { ByteRange } from "./byte-range.ts";

export function fileBody(
  port: FileStreamPort,
  { start, end }: ByteRange,
  onEnded: () => void,
): ReadableStream<Uint8Array> {
  let at = start;
  let isFinished = false;
  const finish = () => {
    if (isFinished) return;
    isFinished = true;
    port.postMessage({ type: "close" });
    port.close();
    onEnded();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = at < end ? await readChunk(port, at, Math.min(CHUNK_BYTES, end - at)) : undefined;
        if (bytes === undefined) {
          controller.error(new Error("The page with this file is gone, or can't read it."));
          finish();
          return;
        }
        at += bytes.length;
        controller.enqueue(bytes);
        if (at < end) return;
        controller.close();
        finish();
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  );
}

/** @returns undefined when there is nothing to be had. */
function readChunk(port: FileStreamPort, at: number, length: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    let silence = setTimeout(() => resolve(undefined), SILENT_AFTER_MS);
    port.onmessage = ({ data }: MessageEvent<FileStreamAnswer>) => {
      clearTimeout(silence);
      if (data.type === "waiting") silence = setTimeout(() => resolve(undefined), SILENT_AFTER_MS);
      else resolve(data.type === "bytes" && data.bytes.length <= length ? data.bytes : undefined);
    };
    port.postMessage({ type: "read", at, length });
  });
}
