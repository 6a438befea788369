/** Archives, taken apart by a real unzip where there is one. */
import { spawnSync } from "node:child_process";
import { findCommand } from "../tools/command.ts";
import { sha256OfFolder } from "../tools/content.ts";
import { expect } from "./fixtures.ts";

export const hasUnzip = findCommand("unzip") !== undefined;

/** @returns SHA-256 of every file in it, by its path; the files lie in `into` afterwards. */
export function unzipped(path: string, into: string): Promise<Record<string, string>> {
  const { status, stdout, stderr } = spawnSync("unzip", ["-q", "-o", path, "-d", into], { encoding: "utf8" });
  expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: "" });
  return sha256OfFolder(into);
}
