/** What arrives is saved as each browser does best, and nothing in it can harm whoever saves it. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import type { Download } from "@playwright/test";
import { sha256OfFile, sha256OfFolder } from "../tools/content.ts";
import { hasUnzip, unzipped } from "./archives.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";

if (!hasUnzip)
  process.stderr.write("SKIPPED: archives taken apart by a real unzip, since unzip is not installed\n");

/** @returns SHA-256 of every file of the downloaded archive, by its path. */
async function unzip(download: Download, into: string): Promise<Record<string, string>> {
  await download.saveAs(`${into}.zip`);
  return unzipped(`${into}.zip`, into);
}

function waitForServiceWorker({ page }: Person): Promise<unknown> {
  return page.waitForFunction(() => navigator.serviceWorker?.controller !== null);
}

test("a folder of 40 files is saved as one archive that unzip takes apart byte for byte", async ({
  newPerson,
}, testInfo) => {
  test.skip(!hasUnzip, "unzip is not installed");
  const folder = testInfo.outputPath("forty files");
  for (let i = 0; i < 40; i++) {
    const place = ["", "a/", "a/b b/", "ü — 写真/"][i % 4];
    await makeFile(folder, `${place}file ${i}.bin`, i * i * 500);
  }
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFolder(folder));
  await receiver.waitForState("done");
  await waitForServiceWorker(receiver);

  const download = await receiver.pressSave();
  expect(download.suggestedFilename()).toBe("forty files.zip");
  expect(download.url()).toContain("/save/");
  const target = testInfo.outputPath("unzipped");

  const wanted = Object.entries(await sha256OfFolder(folder));
  expect(await unzip(download, target)).toEqual(
    Object.fromEntries(wanted.map(([path, hash]) => [`forty files/${path}`, hash])),
  );
  await expect(receiver.page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  const { mtimeMs } = await stat(`${target}/forty files/file 4.bin`);
  expect(Math.abs(Date.now() - mtimeMs)).toBeLessThan(60 * 60 * 1000);
});

/** Names that a file system, a terminal or an eye may stumble over; each stands on a disk of Linux. */
const HOSTILE: Readonly<Record<string, string>> = {
  "CON.txt": "_CON.txt",
  "trailing dot.": "trailing dot",
  "trailing space ": "trailing space",
  "colon:stream": "colon_stream",
  "what?*<>|.txt": "what_____.txt",
  'quote".txt': "quote_.txt",
  "photo\u202egpj.exe": "photogpj.exe",
  "CASE.txt": "CASE.txt",
  "Case.txt": "Case (2).txt",
  "cafe\u0301.txt": "cafe\u0301.txt",
  "caf\u00e9.txt": "caf\u00e9 (2).txt",
  "..hidden": "..hidden",
  "Inner/aux.log": "Inner/_aux.log",
  "inner/lpt1": "inner (2)/_lpt1",
};

test("a folder with hostile names lands safely: in a picked folder and in an archive", async ({
  newPerson,
}, testInfo) => {
  const folder = testInfo.outputPath("hostile");
  for (const name of Object.keys(HOSTILE)) await makeFile(folder, name, 1_000);
  const sent = await sha256OfFolder(folder);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFolder(folder));
  await receiver.waitForState("done");
  await waitForServiceWorker(receiver);
  const wanted = Object.fromEntries(
    Object.entries(HOSTILE).map(([name, safe]) => [`hostile/${safe}`, sent[name]]),
  );

  const download = await receiver.pressSave();
  if (hasUnzip) {
    const target = testInfo.outputPath("unzipped");
    expect(await unzip(download, target)).toEqual(wanted);
  }
  expect(await receiver.saveToFolder()).toEqual(wanted);
});

test("without a service worker several files are saved as an archive all the same", async ({
  newPerson,
}, testInfo) => {
  test.skip(!hasUnzip, "unzip is not installed");
  const folder = testInfo.outputPath("plain");
  await makeFile(folder, "a.bin", 300_000);
  await makeFile(folder, "b/c.bin", 20_000);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined });
  });
  await receiver.download(await sender.shareFolder(folder));
  await receiver.waitForState("done");
  const download = await receiver.pressSave();
  expect(download.url()).toMatch(/^blob:/);
  const target = testInfo.outputPath("unzipped");
  const sent = Object.entries(await sha256OfFolder(folder));
  expect(await unzip(download, target)).toEqual(
    Object.fromEntries(sent.map(([path, hash]) => [`plain/${path}`, hash])),
  );
});

test("one file goes where a picker says, with its bytes", async ({ newPerson }, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "holiday.bin", 3_000_000);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitForState("done");
  // A file of the page's own storage stands in for the one that a person would choose in a dialog.
  await receiver.page.evaluate(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) =>
      (await navigator.storage.getDirectory()).getFileHandle(`picked ${suggestedName}`, { create: true });
    Object.assign(window, { showSaveFilePicker });
  });
  await receiver.page.getByTestId("save").click();
  await expect(receiver.page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  const saved = await receiver.page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle("picked holiday.bin")).getFile();
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
  expect(saved).toBe(await sha256OfFile(path));
});

/** Whatever runs anywhere in our origin leaves its mark here. */
const SCRIPT = "try { localStorage.setItem('ran', location.href) } catch {} ; parent.postMessage('ran', '*')";
const PAGE = `<!doctype html><script>${SCRIPT}</script><img src=x onerror="${SCRIPT}"><p>a page</p>`;
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" onload="${SCRIPT}"><script>${SCRIPT}</script></svg>`;
const DANGEROUS: Readonly<Record<string, string>> = {
  "a.html": PAGE,
  "b.svg": DRAWING,
  "c.xhtml": `<html xmlns="http://www.w3.org/1999/xhtml"><script>${SCRIPT}</script></html>`,
  "d.png": PAGE,
  "e.pdf": PAGE,
  "f.mp4": PAGE,
  "g.txt": PAGE,
  "h.xml": DRAWING,
};

test("a page or a drawing in a share can run nothing here, however it is opened", async ({
  newPerson,
}, testInfo) => {
  const folder = testInfo.outputPath("dangerous");
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(DANGEROUS)) await writeFile(`${folder}/${name}`, content);
  const sender = await newPerson("sender");
  const receiver = await newPerson("receiver");
  await receiver.download(await sender.shareFolder(folder));
  await receiver.waitForState("done");
  await waitForServiceWorker(receiver);
  const { id } = await receiver.snapshot();
  const files = Object.entries(DANGEROUS).map(([name, content], index) => ({
    address: `/media/${id}/${index}/${name}`,
    content,
  }));

  const { page } = receiver;
  await page.evaluate(() => {
    addEventListener("message", ({ data }) => {
      if (data === "ran") localStorage.setItem("ran", "in a frame");
    });
  });
  for (const { address, content } of files) {
    const answer = await page.evaluate(async (url) => {
      const response = await fetch(url);
      const header = (name: string) => response.headers.get(name);
      return {
        status: response.status,
        sniffs: header("x-content-type-options"),
        text: await response.text(),
        csp: header("content-security-policy"),
      };
    }, address);
    expect(answer).toMatchObject({
      status: 200,
      sniffs: "nosniff",
      text: content,
    });
    expect(answer.csp).toContain("default-src 'none'");

    for (const tag of ["iframe", "embed", "object"]) {
      await page.evaluate(
        async ([url, name]) => {
          const element = document.createElement(name ?? "");
          element.setAttribute(name === "object" ? "data" : "src", url ?? "");
          const settled = new Promise((resolve) => {
            for (const event of ["load", "error"]) element.addEventListener(event, resolve);
            // What becomes a download tells nobody; the answer to a later request comes after it.
            void fetch(url ?? "").then((response) => response.text().then(resolve));
          });
          document.body.append(element);
          await settled;
        },
        [address, tag],
      );
    }
    const tab = await page.context().newPage();
    // A download ends the navigation with an error.
    await tab.goto(new URL(address, page.url()).href).catch(() => undefined);
    await tab.evaluate(() => document.readyState).catch(() => undefined);
    await tab.close();
  }
  expect(await page.evaluate(() => localStorage.getItem("ran"))).toBeNull();

  await page.getByRole("button", { name: "Preview a.html" }).click();
  await expect(page.getByTestId("preview")).toHaveText(PAGE);
  expect(await page.evaluate(() => localStorage.getItem("ran"))).toBeNull();
});
