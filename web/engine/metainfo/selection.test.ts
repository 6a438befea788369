import { expect, test } from "vitest";
import { encode } from "./bencode.ts";
import { type Info, parseInfo } from "./info.ts";
import { filesSelected } from "./selection.ts";

function parsed(fields: Parameters<typeof encode>[0]): Info {
  const info = parseInfo(encode(fields));
  if (!info.ok) throw new Error(info.reason);
  return info.value;
}

const file = (name: string) => ({ length: 10, path: [name] });
const padding = { attr: "p", length: 6, path: [".pad", "6"] };
const v1 = (files: readonly object[]) =>
  parsed({ files: files as never, name: "n", "piece length": 16_384, pieces: new Uint8Array(20) });

test("[BEP 53] padding between files counts, as in other programs", () => {
  const info = v1([file("a"), padding, file("b"), padding, file("c")]);
  expect(info.files.map(({ path }) => path[0])).toEqual(["a", "b", "c"]);
  expect(filesSelected(info, [2, 4])).toEqual([false, true, true]);
});

test("[BEP 53] without padding the files count alone, and numbers beyond them mean nothing", () => {
  const info = v1([file("a"), file("b")]);
  expect(filesSelected(info, [1, 99])).toEqual([false, true]);
  expect(filesSelected(info, [99])).toBeUndefined();
});
