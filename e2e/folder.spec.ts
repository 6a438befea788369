import { writeFile } from "node:fs/promises";
import { sha256OfFolder } from "../tools/content.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

/** Names that paths, headers, zip entries and markup each like to get wrong. */
const FILES: Readonly<Record<string, number>> = {
  "a.bin": 3_000_000,
  "one byte": 1,
  "exactly a block.bin": 16_384,
  "a block and one.bin": 16_385,
  "Ben's notes & more (1).txt": 70_000,
  "日本語/写真 01.jpg": 400_000,
  "Ünïcödé/naïve—dash.md": 12_345,
  "sub/deeper/still deeper/z.bin": 1_000_000,
  "sub/100% #1?.txt": 5_000,
};

/** A question mark stands in no name on Windows, so it is saved as another character everywhere. */
const savedAs = (path: string) => path.replaceAll("?", "_");

test("a folder arrives with every name, sub-folder and byte", async ({ newPerson }, testInfo) => {
  const folder = testInfo.outputPath("my folder");
  for (const [name, size] of Object.entries(FILES)) await makeFile(folder, name, size);
  await writeFile(`${folder}/sub/empty.txt`, "");
  const wanted = await sha256OfFolder(folder);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");

  const link = await sender.shareFolder(folder);
  await receiver.download(link);
  await receiver.waitForState("done");

  const saved = await receiver.saveToFolder();
  expect(saved).toEqual(
    Object.fromEntries(Object.entries(wanted).map(([path, hash]) => [`my folder/${savedAs(path)}`, hash])),
  );
});
