/** A trace that a person exports under Details shows on another machine what the engine decided in the tab. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";

const run = promisify(execFile);
const tsx = fileURLToPath(import.meta.resolve("tsx/cli"));

/** Exports the trace by hand and feeds it to `npm run replay`. @returns what that prints. */
async function replayed(person: Person, path: string): Promise<{ steps: number; different: number }> {
  await person.page.getByRole("button", { name: /^more/i }).click();
  const [download] = await Promise.all([
    person.page.waitForEvent("download", { timeout: 60_000 }),
    person.page.getByRole("menuitem", { name: "Export trace" }).click(),
  ]);
  await download.saveAs(path);
  const { stdout } = await run(process.execPath, [tsx, "web/sim/replay-cli.ts", path]);
  return JSON.parse(stdout);
}

test("the exported traces of a sender and of a receiver replay in Node without a difference", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "note.bin", 600_000);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitForState("done");
  for (const person of [sender, receiver]) {
    const { steps, different } = await replayed(person, testInfo.outputPath(`${person.name}.trace.jsonl`));
    expect(steps).toBeGreaterThan(10);
    expect(different).toBe(0);
  }
});
