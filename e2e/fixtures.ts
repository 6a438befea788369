/** What every end-to-end test stands on: a running server and people with browsers. */
import { type BrowserContext, test as base, type TestInfo } from "@playwright/test";
import { type Server, startServer } from "../tools/server.ts";
import { Person } from "./person.ts";

export { expect } from "@playwright/test";

interface TestFixtures {
  /** A new person with an empty browser profile and one tab, at the common server if no other is named. */
  newPerson: (name: string, home?: string) => Promise<Person>;
}

interface WorkerFixtures {
  server: Server;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it which fixtures are needed.
    async ({}, use) => {
      const server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],

  newPerson: async ({ browser, server }, use, testInfo) => {
    const people: Person[] = [];
    const said: string[] = [];
    await use(async (name, home = server.url) => {
      const context = await withoutPickers(await browser.newContext());
      const page = await context.newPage();
      page.on("console", (message) => said.push(`${name} [${message.type()}] ${message.text()}`));
      page.on("pageerror", (error) => said.push(`${name} [uncaught] ${error.stack ?? error.message}`));
      const person = new Person(name, page, home);
      people.push(person);
      return person;
    });

    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("console of all tabs", { body: said.join("\n"), contentType: "text/plain" });
      await testInfo.attach("server", { body: server.log(), contentType: "text/plain" });
      for (const person of people) await attachInsight(testInfo, person);
    }
    for (const person of people) await person.page.context().close();
  },
});

/** A dialog of the operating system cannot be driven; without these the app saves as phones and other browsers do. */
export async function withoutPickers(context: BrowserContext): Promise<BrowserContext> {
  await context.addInitScript(() => {
    for (const picker of ["showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker"])
      Reflect.deleteProperty(window, picker);
  });
  return context;
}

/** Attaches what a person's tab can still tell; a closed or broken tab must not hide the test's own failure. */
async function attachInsight(testInfo: TestInfo, person: Person): Promise<void> {
  if (person.page.isClosed()) return;
  try {
    const snapshot = await person.page.evaluate(() => window.shoal.snapshot());
    const body = JSON.stringify(snapshot, undefined, 2);
    await testInfo.attach(`snapshot of ${person.name}`, { body, contentType: "application/json" });
    for (const trace of await person.traces()) {
      await testInfo.attach(`trace of ${person.name}`, { body: trace, contentType: "application/jsonl" });
    }
  } catch (error) {
    await testInfo.attach(`no insight into ${person.name}`, {
      body: String(error),
      contentType: "text/plain",
    });
  }
}
