import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ReadRefusedError } from "../../ports/library.ts";
import { askToRead, reopenFile } from "./file-handles.ts";

class FileHandle {
  readonly getFile = vi.fn(() => Promise.resolve(new File(["content"], "a.txt")));
  readonly requestPermission = vi.fn(() => Promise.resolve("granted"));
}

class DirectoryHandle {
  readonly inside: Record<string, FileHandle | DirectoryHandle> = {};
  getDirectoryHandle = async (name: string) => this.inside[name];
  getFileHandle = async (name: string) => this.inside[name];
}

beforeEach(() => {
  vi.stubGlobal("FileSystemFileHandle", FileHandle);
  vi.stubGlobal("FileSystemDirectoryHandle", DirectoryHandle);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(["denied", "prompt"])("after one answer of %s nothing more is asked", async (answer) => {
  const [first, second, third] = [new FileHandle(), new FileHandle(), new FileHandle()];
  second.requestPermission.mockResolvedValue(answer);
  await askToRead([first, second, third]);
  expect(first.requestPermission).toHaveBeenCalledExactlyOnceWith({ mode: "read" });
  expect(third.requestPermission).not.toHaveBeenCalled();
});

test("handles that know of no permission, and a browser that refuses to ask, are no failure", async () => {
  const refusing = new FileHandle();
  refusing.requestPermission.mockRejectedValue(new DOMException("not in a click", "SecurityError"));
  await askToRead([{}, refusing]);
  expect(refusing.requestPermission).toHaveBeenCalled();
});

test("a file is found by its own handle, or by its path below the folder that was dropped", async () => {
  const file = new FileHandle();
  const [folder, sub] = [new DirectoryHandle(), new DirectoryHandle()];
  folder.inside.sub = sub;
  sub.inside["a.txt"] = file;
  expect((await reopenFile(file, ["a.txt"])).name).toBe("a.txt");
  expect((await reopenFile(folder, ["folder", "sub", "a.txt"])).name).toBe("a.txt");
  expect(file.getFile).toHaveBeenCalledTimes(2);
  await expect(reopenFile({ name: "a.txt" }, ["a.txt"])).rejects.toThrow();
});

test("that reading was refused is told apart from a file that is gone", async () => {
  const handle = new FileHandle();
  handle.getFile.mockRejectedValueOnce(new DOMException("no", "NotAllowedError"));
  await expect(reopenFile(handle, ["a.txt"])).rejects.toBeInstanceOf(ReadRefusedError);
  handle.getFile.mockRejectedValueOnce(new DOMException("gone", "NotFoundError"));
  await expect(reopenFile(handle, ["a.txt"])).rejects.not.toBeInstanceOf(ReadRefusedError);
});
