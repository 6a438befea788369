import { expect, test, withoutPickers } from "./fixtures.ts";
import { makeFile, Person } from "./person.ts";

const UNSEEN = "PLAYWRIGHT_DISABLE_SERVICE_WORKER_NETWORK";
let before: string | undefined;

test.beforeEach(() => {
  before = process.env[UNSEEN];
  delete process.env[UNSEEN];
});

test.afterEach(() => {
  process.env[UNSEEN] = before;
});

test("a whole share and its download ask nobody but this server for anything", async ({
  playwright,
  launchOptions,
  server,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "private.bin", 300_000);
  // One of its own, for it may crash when the service workers end (playwright.config.ts).
  const browser = await playwright.chromium.launch(launchOptions);
  const newPerson = async (name: string) => {
    const context = await withoutPickers(await browser.newContext());
    return new Person(name, await context.newPage(), server.url);
  };
  const people = [await newPerson("sender"), await newPerson("receiver")] as const;
  const asked = new Set<string>();
  const byServiceWorker = new Set<string>();
  for (const { page } of people) {
    page.context().on("request", (request) => {
      asked.add(request.url());
      if (request.serviceWorker() !== null) byServiceWorker.add(request.url());
    });
    page.on("websocket", (socket) => asked.add(socket.url()));
  }
  const [sender, receiver] = people;
  await receiver.download(await sender.shareFiles(path));
  await receiver.waitForState("done");
  await receiver.save();

  // What the service worker asks for is among it: it keeps the app when the page has had some time for itself.
  await expect.poll(() => byServiceWorker.size).toBeGreaterThan(0);
  const hosts = new Set<string>();
  for (const url of asked) if (!/^(blob|data):/.test(url)) hosts.add(new URL(url).host);
  expect([...hosts]).toEqual([new URL(server.url).host]);
  // Nor do the tabs look for a route through anybody that they were not told of.
  const config: unknown = await (await fetch(`${server.url}/config`)).json();
  expect(config).toMatchObject({ iceServers: [] });
  await browser.close().catch(() => {});
});
