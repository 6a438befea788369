/** The `Range` header of one request (RFC 9110 §14). Several ranges at once are not served: the whole file is. */

export interface ByteRange {
  readonly start: number;
  /** The first byte after it. */
  readonly end: number;
}

const ONE_RANGE = /^bytes=(\d*)-(\d*)$/;

/** @returns "whole" without a header, or with one that may be ignored; "unsatisfiable" for a 416. */
export function byteRange(header: string | null, size: number): ByteRange | "whole" | "unsatisfiable" {
  const [, first = "", last = ""] = ONE_RANGE.exec(header?.replaceAll(" ", "") ?? "") ?? [];
  if (first === "" && last === "") return "whole";
  if (first === "") {
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return "whole";
  return start >= size ? "unsatisfiable" : { start, end };
}
