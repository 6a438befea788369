import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { FileToSave } from "./file-to-save.ts";
import { saveToPickedFile, saveToPickedFolder } from "./pickers.ts";

/** A folder of a disk, with as much of its interface as saving uses. */
class Folder {
  readonly entries = new Map<string, Folder | { text: string }>();

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<Folder> {
    const entry = this.entries.get(name) ?? (create ? new Folder() : undefined);
    if (entry === undefined) throw new DOMException("none", "NotFoundError");
    if (!(entry instanceof Folder)) throw new DOMException("a file", "TypeMismatchError");
    this.entries.set(name, entry);
    return entry;
  }

  async getFileHandle(name: string) {
    const file = { text: "" };
    this.entries.set(name, file);
    return handleOf(file);
  }

  get tree(): unknown {
    return Object.fromEntries(
      [...this.entries].map(([name, entry]) => [name, entry instanceof Folder ? entry.tree : entry.text]),
    );
  }
}

/** What is written shows only once it is closed, as on a disk. */
function handleOf(file: { text: string }) {
  const createWritable = async () => {
    let written = "";
    const decoder = new TextDecoder();
    return new WritableStream<Uint8Array>({
      write: (chunk) => {
        written += decoder.decode(chunk, { stream: true });
      },
      close: () => {
        file.text = written;
      },
    });
  };
  return { createWritable };
}

const fileOf = (path: string, text: string): FileToSave => ({
  path: path.split("/"),
  size: text.length,
  read: async () => new Blob([text]),
});

const showDirectoryPicker = vi.fn();
const showSaveFilePicker = vi.fn();

beforeEach(() => {
  vi.stubGlobal("window", { showDirectoryPicker, showSaveFilePicker });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetAllMocks();
});

describe("a picked folder", () => {
  test("gets the files with their folders, under safe names, and says how far it is", async () => {
    const place = new Folder();
    showDirectoryPicker.mockResolvedValue(place);
    const told: number[] = [];
    const list = async () => [fileOf("a.txt", "12345"), fileOf("b/../c:d.txt", "67890")];
    expect(await saveToPickedFolder("my: trip", list, (fraction) => told.push(fraction))).toBe(true);
    expect(place.tree).toEqual({ "my_ trip": { "a.txt": "12345", b: { file: { "c_d.txt": "67890" } } } });
    expect(told).toEqual([0.5, 1]);
  });

  test("keeps what it has: another folder of the name, or a file, is not written into", async () => {
    const place = new Folder();
    const old = await place.getDirectoryHandle("trip", { create: true });
    await old.getFileHandle("a.txt");
    await place.getFileHandle("trip (2)");
    showDirectoryPicker.mockResolvedValue(place);
    await saveToPickedFolder(
      "trip",
      async () => [fileOf("a.txt", "new")],
      () => {},
    );
    expect(place.tree).toEqual({ trip: { "a.txt": "" }, "trip (2)": "", "trip (3)": { "a.txt": "new" } });
  });

  test("is asked for before anything is fetched, while the click still counts", async () => {
    const list = vi.fn(async () => []);
    let pick = (_place: Folder) => {};
    showDirectoryPicker.mockReturnValue(
      new Promise((resolve) => {
        pick = resolve;
      }),
    );
    const saving = saveToPickedFolder("trip", list, () => {});
    expect(showDirectoryPicker).toHaveBeenCalledOnce();
    expect(list).not.toHaveBeenCalled();
    pick(new Folder());
    await saving;
    expect(list).toHaveBeenCalledOnce();
  });

  test("that a person does not pick is no failure", async () => {
    showDirectoryPicker.mockRejectedValue(new DOMException("closed", "AbortError"));
    expect(
      await saveToPickedFolder(
        "trip",
        async () => [],
        () => {},
      ),
    ).toBe(false);
    showDirectoryPicker.mockRejectedValue(new DOMException("no", "SecurityError"));
    await expect(
      saveToPickedFolder(
        "trip",
        async () => [],
        () => {},
      ),
    ).rejects.toThrow("no");
  });

  test("stays without the file that can't be read, instead of getting a broken one", async () => {
    const place = new Folder();
    showDirectoryPicker.mockResolvedValue(place);
    const broken = { ...fileOf("b.txt", "x"), read: () => Promise.reject(new Error("evicted")) };
    const saving = saveToPickedFolder(
      "trip",
      async () => [fileOf("a.txt", "a"), broken],
      () => {},
    );
    await expect(saving).rejects.toThrow("evicted");
    expect(place.tree).toEqual({ trip: { "a.txt": "a" } });
  });
});

describe("a picked file", () => {
  test("is suggested under its safe name, and gets the bytes", async () => {
    const file = { text: "" };
    showSaveFilePicker.mockResolvedValue(handleOf(file));
    const told: number[] = [];
    const read = async () => new Blob(["hello"]);
    expect(await saveToPickedFile("../a.txt", read, (fraction) => told.push(fraction))).toBe(true);
    expect(showSaveFilePicker).toHaveBeenCalledWith(expect.objectContaining({ suggestedName: ".._a.txt" }));
    expect(file.text).toBe("hello");
    expect(told).toEqual([1]);
  });

  test("that a person does not pick is not read", async () => {
    showSaveFilePicker.mockRejectedValue(new DOMException("closed", "AbortError"));
    const read = vi.fn();
    expect(await saveToPickedFile("a.txt", read, () => {})).toBe(false);
    expect(read).not.toHaveBeenCalled();
  });
});
