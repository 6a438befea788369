/** The app without a network, through an update, and as a part of the system. */

import { readFile } from "node:fs/promises";
import { runTorrentCommand } from "../tools/torrent.ts";
import { builtApp, makeDeployment, portOf, serveApp } from "./deployments.ts";
import { hasFirefox, test } from "./firefox.ts";
import { expect } from "./fixtures.ts";
import { makeFile, type Person } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

/** Until the browser has all that the app is made of. */
async function appIsKept({ page }: Person): Promise<void> {
  await expect.poll(() => page.evaluate(async () => (await caches.match("/")) !== undefined)).toBe(true);
}

const build = ({ page }: Person) => page.locator('meta[name="build"]').getAttribute("content");

test("who was here once finds the app and what it keeps without a network, and goes on when that is back", async ({
  newPerson,
}, testInfo) => {
  const folder = await makeDeployment(testInfo.outputPath("app"), "01");
  const server = await serveApp(folder);
  const person = await newPerson("sender", server.url);
  const link = await person.shareFiles(await makeFile(testInfo.outputPath(), "holiday.bin", 300_000));
  await appIsKept(person);
  const kept = await person.page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({ url }) => new URL(url).pathname);
  });
  expect(kept.filter((path) => !/^\/(assets\/[^/]+|favicon\.svg|icon-\d+\.png)?$/.test(path))).toEqual([]);

  await server.close();
  await person.page.context().setOffline(true);
  await person.page.goto(`${server.url}/`);
  await expect(person.page.getByRole("heading", { level: 1 })).toHaveText(/send files/i);
  await expect(person.page.getByTestId("share")).toContainText("holiday.bin");
  await expect(person.page.getByTestId("notice")).toContainText("There is no network.");
  await person.page.getByTestId("settings").click();
  await expect(person.page.getByRole("heading", { name: "Settings" })).toBeVisible();

  await person.page.goto(link);
  await expect(person.page.getByRole("heading", { name: "holiday.bin" })).toBeVisible();
  await person.page.goto(`${server.url}/#${"a".repeat(42)}A`);
  await expect(person.page.getByTestId("notice")).toHaveCount(1);
  await expect(person.page.getByTestId("notice")).toContainText("There is no network.");

  const again = await serveApp(folder, portOf(server));
  await person.page.context().setOffline(false);
  await expect(person.page.getByTestId("connection")).toHaveAttribute("data-state", "online");
  await expect(person.page.getByText("There is no network.")).toHaveCount(0);
  await again.close();
});

test("a new build comes with the next load, and a page that is open keeps its own parts while it transfers", async ({
  newPerson,
}, testInfo) => {
  const first = await makeDeployment(testInfo.outputPath("first"), "01");
  const second = await makeDeployment(testInfo.outputPath("second"), "02");
  const server = await serveApp(first);
  const sender = await newPerson("sender", server.url);
  const receiver = await newPerson("receiver", server.url);
  // It lasts until it is let go, however slow the machine.
  await slowDown(sender, 50_000);
  await receiver.download(
    await sender.shareFiles(await makeFile(testInfo.outputPath(), "holiday.bin", 4_000_000)),
  );
  await appIsKept(receiver);
  await receiver.waitForState("downloading");

  await server.close();
  const newer = await serveApp(second, portOf(server));
  await receiver.page.evaluate(async () => (await navigator.serviceWorker.ready).update());
  const isReady = () =>
    receiver.page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
  await expect.poll(isReady).toBe(true);
  await receiver.waitForState("downloading");
  // A part of the page that was never fetched before, and that the server does not have any more.
  await receiver.page.getByTestId("settings").click();
  await expect(receiver.page.getByRole("heading", { name: "Settings" })).toBeVisible();
  await receiver.page.getByRole("button", { name: "Back" }).click();
  await letGo(sender);
  await receiver.waitForState("done");
  expect(await build(receiver)).toBe("01");

  await receiver.page.reload();
  expect(await build(receiver)).toBe("02");
  await expect(receiver.page.getByRole("heading", { name: "holiday.bin" })).toBeVisible();
  const next = await receiver.page.context().newPage();
  const devtools = await next.context().newCDPSession(next);
  const states = new Map<string, string>();
  devtools.on("ServiceWorker.workerVersionUpdated", ({ versions }) => {
    for (const { versionId, status } of versions) states.set(versionId, status);
  });
  await devtools.send("ServiceWorker.enable");
  await expect.poll(() => [...states.values()]).toContain("installed");
  await receiver.leave();
  await expect.poll(() => [...states.values()]).not.toContain("installed");
  await next.goto(`${server.url}/`);
  await expect
    .poll(() => next.evaluate(() => caches.keys()))
    .toEqual([expect.stringMatching(/^shoal-app-.*02$/)]);
  await newer.close();
});

test("files that the system shares with the app become a share", async ({ newPerson }) => {
  const person = await newPerson("somebody");
  await person.goHome();
  await person.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const manifest = await person.page.evaluate(async () => (await fetch("/manifest.webmanifest")).json());
  // What a system does with an installed app's manifest, done by a page.
  await person.page.evaluate(({ action, method, enctype, params }) => {
    const form = Object.assign(document.createElement("form"), { action, method, enctype });
    const input = Object.assign(document.createElement("input"), {
      type: "file",
      multiple: true,
      name: params.files[0].name,
    });
    const files = new DataTransfer();
    files.items.add(new File(["a photo"], "photo.jpg", { type: "image/jpeg" }));
    files.items.add(new File(["another"], "photo.jpg", { type: "image/jpeg" }));
    input.files = files.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  }, manifest.share_target);
  await person.waitForState("seeding");
  expect(await person.snapshot()).toMatchObject({ name: "2 files", size: 14, role: "sender" });
  expect(new URL(person.page.url()).search).toBe("");

  await person.page.goto(`${new URL(person.page.url()).origin}/?shared`);
  await expect(person.page.getByText("What you shared did not arrive here.")).toBeVisible();
});

test("a .torrent that the system opens with the app, and a magnet that it hands over, lead to their share", async ({
  newPerson,
}, testInfo) => {
  const torrent = testInfo.outputPath("film.torrent");
  const film = await makeFile(testInfo.outputPath(), "film.bin", 50_000);
  runTorrentCommand(["create", "--hybrid", "--out", torrent, film]);
  const bytes = [...(await readFile(torrent))];
  const person = await newPerson("somebody");
  // A headless browser installs nothing: the queue is played, and gives what the system would.
  await person.page.addInitScript((content) => {
    const file = new File([Uint8Array.from(content)], "film.torrent");
    const queue = {
      setConsumer: (consume: (launch: { files: unknown[] }) => void) =>
        consume({ files: [{ getFile: async () => file }] }),
    };
    Object.defineProperty(window, "launchQueue", { value: queue });
  }, bytes);
  await person.goHome();
  await expect(person.share).toBeVisible();
  const { name, infohashV2 } = await person.snapshot();
  expect(name).toBe("film.bin");

  const other = await newPerson("somebody else");
  await other.goHome();
  const manifest = await other.page.evaluate(async () => (await fetch("/manifest.webmanifest")).json());
  const [{ protocol, url }] = manifest.protocol_handlers;
  const magnet = `${protocol}:?xt=urn:btmh:1220${infohashV2}&dn=film.bin&tr=ws://127.0.0.1:1/announce`;
  await other.openLink(new URL(url.replace("%s", encodeURIComponent(magnet)), other.page.url()).href);
  await expect(other.share).toBeVisible();
  expect((await other.snapshot()).infohashV2).toBe(infohashV2);
});

if (!hasFirefox)
  process.stderr.write("SKIPPED: the app without a network in Firefox, since it is not installed\n");

test.describe("in Firefox too", () => {
  test.skip(!hasFirefox, "Firefox is not installed");

  test("the app opens without a network", async ({ firefoxPage: page }) => {
    const server = await serveApp(builtApp);
    await page.goto(server.url);
    await expect.poll(() => page.evaluate(async () => (await caches.match("/")) !== undefined)).toBe(true);
    await server.close();
    await page.reload();
    await page.waitForSelector("h1");
    await page.locator('[data-testid="settings"]').click();
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Settings");
  });
});
