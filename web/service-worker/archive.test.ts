/** Archives beyond the bounds of the old format, read by a real unzip where there is one. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findCommand } from "../../tools/command.ts";
import { archiveLength, makeArchive } from "./archive.ts";

const hasUnzip = findCommand("unzip") !== undefined;
if (!hasUnzip)
  process.stderr.write("SKIPPED: archives of many files read by a real unzip, since it is not installed\n");

const folder = mkdtempSync(join(tmpdir(), "shoal-archive-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function archiveOf(count: number): Promise<Uint8Array> {
  const input = Uint8Array.of(7);
  const lastModified = new Date(0);
  const entries = Array.from({ length: count }, (_, index) => ({ path: `ü/${index}.txt`, size: 1 }));
  const files = entries.map(({ path }) => ({ name: path, input, lastModified }));
  const chunks: Uint8Array[] = [];
  for await (const chunk of makeArchive(files, entries)) chunks.push(chunk);
  const archive = Buffer.concat(chunks);
  expect(archive.length).toBe(archiveLength(entries));
  return archive;
}

test.skipIf(!hasUnzip).each([65_534, 65_535, 65_540])(
  "%i files are all in the archive, and every one is sound",
  async (count) => {
    const path = join(folder, `${count}.zip`);
    writeFileSync(path, await archiveOf(count));
    const { status, stdout, stderr } = spawnSync("unzip", ["-tq", path], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("No errors detected");
    const names = spawnSync("unzip", ["-Z1", path], { encoding: "utf8", maxBuffer: 2 ** 26 }).stdout;
    expect(names.trimEnd().split("\n")).toHaveLength(count);
  },
);
