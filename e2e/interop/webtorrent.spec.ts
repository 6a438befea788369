/** Real WebTorrent clients and ours in one swarm, introduced by our server. */
import { sha256OfFile } from "../../tools/content.ts";
import { makeFile } from "../person.ts";
import { expect, sharePublicly, test, v1Only } from "./fixtures.ts";

const SIZE = 3_000_000;

test("WebTorrent downloads what we share, knowing nothing but the magnet", async ({
  newPerson,
  newWebTorrent,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "talk.bin", SIZE);
  const sender = await newPerson("sender");
  const magnet = await sharePublicly(sender, path);
  expect(magnet).toMatch(/^magnet:.*xt=urn:btih:/);
  const receiver = await newWebTorrent("receiver");

  await receiver.open(magnet);
  await receiver.waitUntilDone();

  expect(await receiver.sha256("talk.bin")).toBe(await sha256OfFile(path));
  await sender.waitUntil("has given one copy", ({ uploaded }) => uploaded >= SIZE);
});

test("we download what WebTorrent shares, knowing nothing but the magnet", async ({
  newPerson,
  newWebTorrent,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "lecture.bin", SIZE);
  const sender = await newWebTorrent("sender");
  const magnet = await sender.seed(path);
  const receiver = await newPerson("receiver");

  await receiver.download(`${server.url}/#${magnet}`);
  await receiver.waitForState("done");

  expect(await receiver.save()).toEqual({ name: "lecture.bin", sha256: await sha256OfFile(path) });
});

test("a magnet with the v1 infohash alone opens our own share, by way of a WebTorrent client too", async ({
  newPerson,
  newWebTorrent,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "song.bin", SIZE);
  const sender = await newPerson("sender");
  const magnet = v1Only(await sharePublicly(sender, path));
  const between = await newWebTorrent("between");
  await between.open(magnet);
  await between.waitUntilDone();
  await sender.leave();

  const receiver = await newPerson("receiver");
  await receiver.download(`${server.url}/#${magnet}`);
  await receiver.waitForState("done");

  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
  // What came by SHA-1 alone was held to the Merkle roots in the end: the v2 infohash is known and served.
  const { infohashV2, infohashV1 } = await receiver.snapshot();
  expect(infohashV2).toMatch(/^[0-9a-f]{64}$/);
  expect(magnet).toContain(`urn:btih:${infohashV1}`);
});

test("who wants one file of several gets that one, on either side", async ({
  newPerson,
  newWebTorrent,
  server,
}, testInfo) => {
  const paths = [
    await makeFile(testInfo.outputPath(), "a.bin", 700_001),
    await makeFile(testInfo.outputPath(), "b.bin", 900_001),
    await makeFile(testInfo.outputPath(), "c.bin", 300_001),
  ];
  const [, wanted = ""] = paths;

  const sharer = await newPerson("sharer");
  const chooser = await newWebTorrent("chooser");
  await chooser.open(await sharePublicly(sharer, paths), ["b.bin"]);
  await chooser.waitUntil("has b.bin", ({ files }) => files.some(isWhole("b.bin")));
  expect(await chooser.sha256("b.bin")).toBe(await sha256OfFile(wanted));

  const stranger = await newWebTorrent("stranger");
  const magnet = await stranger.seed(paths);
  const receiver = await newPerson("receiver");
  await receiver.openLink(`${server.url}/#${magnet}`);
  await receiver.waitForState("waiting");
  for (const name of ["a.bin", "c.bin"]) {
    await receiver.page.getByRole("checkbox", { name }).click();
  }
  await receiver.page.getByTestId("download").click();
  await receiver.waitForState("done");
  const { have, size } = await receiver.snapshot();
  expect(have).toBeGreaterThanOrEqual(900_001);
  expect(have).toBeLessThan(size ?? 0);
});

test("three of each form one swarm, and go on when the origin leaves after one copy", async ({
  newPerson,
  newWebTorrent,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "film.bin", 4_000_000);
  const hash = await sha256OfFile(path);
  const origin = await newPerson("origin");
  const magnet = await sharePublicly(origin, path);
  const ours = await Promise.all(["anna", "ben", "cleo"].map((name) => newPerson(name)));
  const theirs = await Promise.all(["dora", "emil", "fritz"].map((name) => newWebTorrent(name)));

  await Promise.all([
    ...ours.map((person) => person.download(`${server.url}/#${magnet}`)),
    ...theirs.map((person) => person.open(magnet)),
  ]);
  await origin.waitUntil("may leave", ({ availableWithoutUs }) => availableWithoutUs);
  await origin.leave();

  await Promise.all([
    ...ours.map((person) => person.waitForState("done")),
    ...theirs.map((person) => person.waitUntilDone()),
  ]);
  for (const person of ours) expect((await person.save()).sha256).toBe(hash);
  for (const person of theirs) expect(await person.sha256("film.bin")).toBe(hash);
});

test("twenty times: both sides start at the same moment, and one link between them lives", async ({
  newPerson,
  newWebTorrent,
  server,
}, testInfo) => {
  const sender = await newWebTorrent("sender");
  const receiver = await newPerson("receiver");
  for (let round = 1; round <= 20; round++) {
    // Another torrent each time, in which both are new: ours with a peer id of its own.
    const path = await makeFile(testInfo.outputPath(), `note ${round}.bin`, 40_000);
    const magnet = await sender.seed(path);
    await Promise.all([sender.rejoin(), receiver.openLink(`${server.url}/#${magnet}`)]);
    await receiver.page.getByTestId("download").click();
    await receiver.waitForState("done");
    expect(await receiver.save()).toEqual({ name: `note ${round}.bin`, sha256: await sha256OfFile(path) });
  }
});

test("a WebTorrent client that sends wrong bytes is dropped, and the download completes without it", async ({
  newPerson,
  newWebTorrent,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "book.bin", SIZE);
  const liar = await newWebTorrent("liar");
  const magnet = await liar.seed(path);
  await liar.lie();
  const receiver = await newPerson("receiver");
  await receiver.download(`${server.url}/#${magnet}`);
  await receiver.waitUntil("has dropped the liar", ({ dropped }) =>
    dropped.some(({ reason }) => reason === "data-corrupt"),
  );
  const honest = await newWebTorrent("honest");
  await honest.seed(path);
  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
});

test("a tracker of others introduces us to WebTorrent clients, whoever shares", async ({
  newPerson,
  newWebTorrent,
  foreignTracker,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "map.bin", SIZE);
  const hash = await sha256OfFile(path);
  const sender = await newWebTorrent("sender", foreignTracker);
  const magnet = await sender.seed(path);
  const receiver = await newPerson("receiver");
  await receiver.download(`${server.url}/#${magnet}`);
  await receiver.waitForState("done");
  expect((await receiver.save()).sha256).toBe(hash);

  await sender.leave();
  const latecomer = await newWebTorrent("latecomer", foreignTracker);
  await latecomer.open(magnet);
  await latecomer.waitUntilDone();
  expect(await latecomer.sha256("map.bin")).toBe(hash);
});

function isWhole(wanted: string) {
  return ({ name, progress }: { readonly name: string; readonly progress: number }) =>
    name === wanted && progress === 1;
}
