import { expect, test } from "vitest";
import { type DroppedEntry, fromInput, readTransfer, type Transfer } from "./read-drop.ts";

type Tree = { readonly [name: string]: Tree | "file" | "unreadable" };

/** Chromium gives at most so many entries of a folder at a time; two here, so that small trees show it. */
const BATCH = 2;

function entryOf(name: string, content: Tree[string]): DroppedEntry {
  if (content === "file" || content === "unreadable") {
    return Object.assign(
      { name, isFile: true, isDirectory: false },
      {
        file: (found: (file: File) => void, failed: (error: Error) => void) =>
          content === "file" ? found(new File([name], name)) : failed(new Error("gone")),
      },
    );
  }
  return Object.assign(
    { name, isFile: false, isDirectory: true },
    {
      createReader: () => {
        const left = Object.entries(content).map(([child, inside]) => entryOf(child, inside));
        return { readEntries: (found: (entries: DroppedEntry[]) => void) => found(left.splice(0, BATCH)) };
      },
    },
  );
}

function drop(tree: Tree): Transfer {
  return {
    items: Object.entries(tree).map(([name, content]) => ({
      kind: "file",
      webkitGetAsEntry: () => entryOf(name, content),
    })),
    files: [],
  };
}

async function pathsOf(transfer: Transfer): Promise<string[]> {
  return (await readTransfer(transfer)).map(({ path }) => path.join("/"));
}

test("single files are named by themselves", async () => {
  expect(await pathsOf(drop({ "a.txt": "file", "b.txt": "file" }))).toEqual(["a.txt", "b.txt"]);
});

test("files of a folder are found at every depth, the folder's own name first", async () => {
  const tree = {
    album: { "1.jpg": "file", raw: { deep: { "1.raw": "file" } } },
    "note.txt": "file",
  } as const;
  expect(await pathsOf(drop(tree))).toEqual(["album/1.jpg", "album/raw/deep/1.raw", "note.txt"]);
});

test("a folder is read until it gives no more", async () => {
  const names = Array.from({ length: 2 * BATCH + 1 }, (_, i) => `${i}.txt`);
  const folder = Object.fromEntries(names.map((name) => [name, "file"] as const));
  expect(await pathsOf(drop({ folder }))).toEqual(names.map((name) => `folder/${name}`));
});

test("everything that came in one folder has that folder's handle, where the browser gives one", async () => {
  const handle = { kind: "directory", name: "album" } as FileSystemHandle;
  const [folder] = drop({ album: { "1.jpg": "file", raw: { "1.raw": "file" } } }).items;
  const [file] = drop({ "note.txt": "file" }).items;
  const items = [
    { ...folder, kind: "file", getAsFileSystemHandle: async () => handle },
    { ...file, kind: "file", getAsFileSystemHandle: () => Promise.reject(new Error("refused")) },
  ];
  const chosen = await readTransfer({ items, files: [] });
  expect(chosen.map(({ path, root }) => [path.join("/"), root])).toEqual([
    ["album/1.jpg", handle],
    ["album/raw/1.raw", handle],
    ["note.txt", undefined],
  ]);
});

test("empty folders give nothing, and no error", async () => {
  expect(await pathsOf(drop({ empty: {}, nested: { empty: {} } }))).toEqual([]);
});

test("entries are taken before anything is awaited, for the transfer is emptied then", async () => {
  const items = [...drop({ folder: { "a.txt": "file" } }).items, ...drop({ "b.txt": "file" }).items];
  const reading = readTransfer({ items, files: [] });
  items.length = 0;
  expect((await reading).map(({ path }) => path.join("/"))).toEqual(["folder/a.txt", "b.txt"]);
});

test("a file that can't be read fails the whole, for a share must have no holes", async () => {
  await expect(readTransfer(drop({ folder: { "a.txt": "file", "b.txt": "unreadable" } }))).rejects.toThrow(
    "gone",
  );
});

test("pasted files without entries are taken as they are", async () => {
  const file = withRelativePath(new File(["x"], "pasted.png"), "");
  const items = [{ kind: "string" }, { kind: "file", webkitGetAsEntry: () => null }];
  expect(await pathsOf({ items, files: [file] })).toEqual(["pasted.png"]);
});

test("files of a folder input keep their places in it", () => {
  const chosen = fromInput([
    withRelativePath(new File(["x"], "1.jpg"), "album/raw/1.jpg"),
    withRelativePath(new File(["x"], "note.txt"), ""),
  ]);
  expect(chosen.map(({ path }) => path)).toEqual([["album", "raw", "1.jpg"], ["note.txt"]]);
});

/** Browsers give every chosen file this property; Node's `File` has none. */
function withRelativePath(file: File, webkitRelativePath: string): File {
  return Object.defineProperty(file, "webkitRelativePath", { value: webkitRelativePath });
}
