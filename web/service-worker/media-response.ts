/**
 * A file of a share as a response: the whole of it or the range that is asked for, though it may still be arriving.
 *
 * Invariant: no response of ours can run script in the page's origin. Its type comes from our table and is not
 * guessed again (`nosniff`); what is not in the table is saved, not shown; and a document that is made of it all
 * the same is in a sandbox, without an origin.
 */
import { type ByteRange, byteRange } from "./byte-range.ts";
import { mediaTypeOf } from "./media-type.ts";

const PDF = "application/pdf";

/** For whatever is navigated to. */
const SANDBOX = "default-src 'none'; sandbox";

/** The viewers of browsers do not work within a sandbox; they run no script of a document in the page's origin. */
const PDF_VIEWER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'";

/** @param body called only for a response that has one. */
export function mediaResponse(
  request: Pick<Request, "method" | "headers">,
  name: string,
  size: number,
  body: (range: ByteRange) => ReadableStream<Uint8Array>,
): Response {
  const range = byteRange(request.headers.get("range"), size);
  const headers = safeHeaders(name);
  if (range === "unsatisfiable") {
    return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${size}` } });
  }
  const { start, end } = range === "whole" ? { start: 0, end: size } : range;
  const isEmpty = request.method === "HEAD" || start === end;
  return new Response(isEmpty ? null : body({ start, end }), {
    status: range === "whole" ? 200 : 206,
    headers: {
      ...headers,
      "content-length": String(end - start),
      ...(range !== "whole" && { "content-range": `bytes ${start}-${end - 1}/${size}` }),
    },
  });
}

function safeHeaders(name: string): Record<string, string> {
  const type = mediaTypeOf(name);
  return {
    "accept-ranges": "bytes",
    "cache-control": "no-store",
    "content-disposition": contentDisposition(type === undefined ? "attachment" : "inline", name),
    "content-security-policy": type === PDF ? PDF_VIEWER : SANDBOX,
    "content-type": type ?? "application/octet-stream",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
  };
}

/** RFC 6266 with the encoding of RFC 8187, which leaves nothing in the name that could end the header. */
export function contentDisposition(how: "attachment" | "inline", name: string): string {
  const encoded = encodeURIComponent(name.replace(/\p{Cs}/gu, "_")).replace(
    /['()*!]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${how}; filename*=UTF-8''${encoded}`;
}
