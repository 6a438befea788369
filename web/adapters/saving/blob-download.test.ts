import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { downloadBlob } from "./blob-download.ts";

const link = { href: "", download: "", click: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { createElement: () => link });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

test("a file is saved under its safe name, from a URL that stays valid while a person chooses where to", () => {
  vi.spyOn(URL, "createObjectURL").mockReturnValue("blob:of-the-file");
  const revoke = vi.spyOn(URL, "revokeObjectURL");
  link.click.mockImplementation(() => {
    expect(link).toMatchObject({ href: "blob:of-the-file", download: ".._notes.txt" });
  });
  downloadBlob(new Blob(["hello"]), "../notes.txt");
  expect(link.click).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(10 * 60_000);
  expect(revoke).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10 * 60_000);
  expect(revoke).toHaveBeenCalledWith("blob:of-the-file");
});
