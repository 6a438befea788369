import { afterEach, expect, test, vi } from "vitest";
import { type Shell, ShellCache } from "./shell.ts";

const ORIGIN = "https://shoal.example";
const pathOf = (wanted: RequestInfo | URL) =>
  new URL(wanted instanceof Request ? wanted.url : wanted, ORIGIN).pathname;

/** One cache, as far as the shell uses it. */
class FakeCache {
  readonly kept = new Map<string, Response>();

  async put(path: RequestInfo | URL, response: Response) {
    this.kept.set(pathOf(path), response);
  }

  async match(path: RequestInfo | URL) {
    return this.kept.get(pathOf(path))?.clone();
  }
}

/** All caches of an origin; those who are asked for everything go by their age. */
class FakeCaches {
  readonly all = new Map<string, FakeCache>();

  async open(name: string) {
    const cache = this.all.get(name) ?? new FakeCache();
    this.all.set(name, cache);
    return cache;
  }

  async match(path: RequestInfo | URL) {
    for (const cache of this.all.values()) {
      const found = await cache.match(path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  has = async (name: string) => this.all.has(name);
  delete = async (name: string) => this.all.delete(name);
  keys = async () => [...this.all.keys()];
}

/** A deployment of the app: what the server has by path. */
function deployment(build: number): Record<string, string> {
  const main = `assets/index-${build}.js`;
  return {
    "/": `<script src="/${main}"></script>`,
    [`/${main}`]: `main ${build}`,
    [`/assets/late-${build}.js`]: `late ${build}`,
    "/favicon.svg": `icon ${build}`,
  };
}

function shellOf(build: number): Shell {
  const files = Object.keys(deployment(build)).filter((path) => path !== "/");
  return { version: `v${build}`, files, entry: `assets/index-${build}.js` };
}

type Server = (path: string) => Promise<Response>;

function serverWith(files: Record<string, string>): Server {
  return async (path) => {
    const content = files[path];
    return content === undefined ? new Response("", { status: 404 }) : new Response(content);
  };
}

const gone: Server = () => Promise.reject(new TypeError("Failed to fetch"));

/** A browser whose service workers of several builds share its caches. */
function setUp() {
  const caches = new FakeCaches();
  let server: Server = gone;
  const fetcher = (wanted: RequestInfo | URL) => server(pathOf(wanted));
  return {
    caches,
    serve: (next: Server) => {
      server = next;
    },
    shell: (build: number) => new ShellCache(shellOf(build), caches as unknown as CacheStorage, fetcher),
  };
}

async function ask(shell: ShellCache, path: string): Promise<string> {
  const response = await shell.respond(new Request(ORIGIN + path));
  return response.ok ? response.text() : String(response.status);
}

afterEach(() => {
  vi.useRealTimers();
});

test("without a network the page and all its parts are there, once they were kept", async () => {
  const { shell, serve } = setUp();
  serve(serverWith(deployment(1)));
  await shell(1).keep();
  serve(gone);
  for (const [path, content] of Object.entries(deployment(1)))
    expect(await ask(shell(1), path)).toBe(content);
  expect(await ask(shell(1), "/?shared")).toBe(deployment(1)["/"]);
});

test("with a network the page is the newest, and a part of it that is kept is not asked for again", async () => {
  const { shell, serve } = setUp();
  serve(serverWith(deployment(1)));
  await shell(1).keep();
  const asked: string[] = [];
  serve((path) => {
    asked.push(path);
    return serverWith(deployment(2))(path);
  });
  expect(await ask(shell(1), "/")).toBe(deployment(2)["/"]);
  expect(await ask(shell(1), "/favicon.svg")).toBe("icon 2");
  expect(await ask(shell(1), "/assets/late-1.js")).toBe("late 1");
  expect(await ask(shell(1), "/assets/late-2.js")).toBe("late 2");
  expect(asked).toEqual(["/", "/favicon.svg", "/assets/late-2.js"]);
});

test.each<[string, Server]>([
  ["is gone", gone],
  ["stands behind a proxy that cannot reach it", async () => new Response("", { status: 502 })],
])("a server that %s gives the page that is kept", async (_, server) => {
  const { shell, serve } = setUp();
  serve(serverWith(deployment(1)));
  await shell(1).keep();
  serve(server);
  expect(await ask(shell(1), "/")).toBe(deployment(1)["/"]);
});

test("a server that does not answer is not waited for when a page is kept, and is when none is", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const { shell, serve } = setUp();
  let answer: (response: Response) => void = () => {};
  const slow: Server = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  serve(slow);
  const first = ask(shell(1), "/");
  await vi.advanceTimersByTimeAsync(60_000);
  answer(new Response("at last"));
  expect(await first).toBe("at last");

  serve(serverWith(deployment(1)));
  await shell(1).keep();
  serve(slow);
  const second = ask(shell(1), "/");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await second).toBe(deployment(1)["/"]);
});

test("parts of a page that is still open stay until nobody can have it open, whatever the server has forgotten", async () => {
  const { shell, serve, caches } = setUp();
  serve(serverWith(deployment(1)));
  await shell(1).keep();
  serve(serverWith(deployment(2)));
  await shell(2).keep();
  expect(await ask(shell(1), "/assets/late-1.js")).toBe("late 1");
  serve(gone);
  // A newer page has upgraded what the browser keeps: the older one must not come back.
  expect(await ask(shell(1), "/")).toBe(deployment(2)["/"]);

  await shell(2).discardOthers();
  expect([...caches.all.keys()]).toEqual(["shoal-app-v2"]);
  expect(await ask(shell(2), "/assets/late-2.js")).toBe("late 2");
});

test("a build is kept whole or not at all, and the one before stays meanwhile", async () => {
  const { shell, serve, caches } = setUp();
  serve(serverWith(deployment(1)));
  await shell(1).keep();
  const { "/assets/late-2.js": _, ...broken } = deployment(2);
  serve(serverWith(broken));
  await expect(shell(2).keep()).rejects.toThrow();
  await shell(2).discardOthers();
  expect([...caches.all.keys()]).toEqual(["shoal-app-v1"]);
  serve(gone);
  expect(await ask(shell(2), "/")).toBe(deployment(1)["/"]);

  serve(serverWith(deployment(2)));
  await shell(2).keep();
  serve(gone);
  expect(await ask(shell(2), "/")).toBe(deployment(2)["/"]);
});

test("a page of another build, or of a sign-in, is never taken for the app's", async () => {
  const { shell, serve, caches } = setUp();
  serve(serverWith({ ...deployment(1), "/": deployment(2)["/"] ?? "" }));
  await expect(shell(1).keep()).rejects.toThrow();
  serve(async (path) => {
    const response = await serverWith(deployment(1))(path);
    if (path === "/") Object.defineProperty(response, "redirected", { value: true });
    return response;
  });
  await expect(shell(1).keep()).rejects.toThrow();
  expect(caches.all.size).toBe(0);
});

test("what is kept is not fetched again", async () => {
  const { shell, serve } = setUp();
  serve(serverWith(deployment(1)));
  await shell(1).keep();
  serve(() => Promise.reject(new Error("nothing may be asked for")));
  await shell(1).keep();
});

test.each([
  ["/", true],
  ["/favicon.svg", true],
  ["/assets/index-9.js", true],
  ["/config", false],
  ["/announce", false],
  ["/metrics", false],
  ["/media/share/0/film.mp4", false],
  ["/save/a/b.zip", false],
  ["/service-worker.js", false],
  ["/manifest.webmanifest", false],
])("whether it answers %s: %s", (path, isKnown) => {
  expect(setUp().shell(1).knows(path)).toBe(isKnown);
});

test("in development it answers nothing and keeps nothing", async () => {
  const { caches, serve } = setUp();
  serve(serverWith(deployment(1)));
  const none = { version: "", files: [], entry: "" };
  const shell = new ShellCache(none, caches as unknown as CacheStorage, () => gone(""));
  await shell.keep();
  expect(shell.knows("/")).toBe(false);
  expect(caches.all.size).toBe(0);
});
