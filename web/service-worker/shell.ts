/**
 * The app itself, kept so that it opens without a network: the files of one build, in a cache of that build.
 *
 * Invariants
 *  1. Kept is what the build lists and nothing else: no configuration, nothing of a share, nothing that was said.
 *  2. The page is put into its cache last: a cache that has it has all that it may ask for, of the same build.
 *  3. With a network the page is the server's newest. Its parts carry their content in their name, so that one
 *     from any cache is right: pages of several builds can be open at once.
 *  4. Caches of other builds go when nobody can have a page of them open any more.
 */

/** The files of a build. */
export interface Shell {
  /** Names the build. */
  readonly version: string;
  /** Absolute paths of everything that the page may fetch. Empty in development: nothing is kept then. */
  readonly files: readonly string[];
  /** The script that the page of this build names, and of no other. */
  readonly entry: string;
}

const PREFIX = "shoal-app-";
const PAGE = "/";
/** Names that never change: the server has the newest. */
const UNHASHED = /^\/[^/]*$/;

/** How long the server may take before a page that is kept is shown instead, ms. */
const PATIENCE_MS = 4_000;

export class ShellCache {
  readonly #shell: Shell;
  readonly #name: string;
  readonly #caches: CacheStorage;
  readonly #fetch: typeof fetch;

  constructor(shell: Shell, caches: CacheStorage, fetcher: typeof fetch) {
    this.#shell = shell;
    this.#name = PREFIX + shell.version;
    this.#caches = caches;
    this.#fetch = fetcher;
  }

  /** Whether it is to be asked for what lies at this path, or the network as if it were not there. */
  knows(pathname: string): boolean {
    const { files } = this.#shell;
    return files.length > 0 && (pathname.startsWith("/assets/") || [PAGE, ...files].includes(pathname));
  }

  /** Fetches what is not kept yet. Rejects, and keeps nothing, when the server has another build by now. */
  async keep(): Promise<void> {
    if (this.#shell.files.length === 0 || (await this.#isWhole())) return;
    const page = await this.#fetched(PAGE);
    const text = await page.clone().text();
    if (!text.includes(this.#shell.entry)) throw new Error("The server has another build.");
    const cache = await this.#caches.open(this.#name);
    try {
      await Promise.all(this.#shell.files.map(async (path) => cache.put(path, await this.#fetched(path))));
      await cache.put(PAGE, page);
    } catch (error) {
      await this.#caches.delete(this.#name);
      throw error;
    }
  }

  /** Lets go of other builds, unless theirs is the only page that there is. */
  async discardOthers(): Promise<void> {
    if (!(await this.#isWhole())) return;
    const others = (await this.#names()).filter((name) => name !== this.#name);
    await Promise.all(others.map((name) => this.#caches.delete(name)));
  }

  respond(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    return UNHASHED.test(pathname) ? this.#newest(request, pathname) : this.#part(request, pathname);
  }

  async #part(request: Request, pathname: string): Promise<Response> {
    return (await this.#caches.match(pathname, { ignoreVary: true })) ?? this.#fetch(request);
  }

  /** As the server has it; else as the newest build has it that is kept. */
  async #newest(request: Request, pathname: string): Promise<Response> {
    const asked = this.#fetch(request).catch(() => undefined);
    const answer = await Promise.race([asked, nothingAfter(PATIENCE_MS)]);
    if (answer !== undefined && answer.status < 500) return answer;
    return (await this.#kept(pathname)) ?? (await asked) ?? Response.error();
  }

  async #kept(pathname: string): Promise<Response | undefined> {
    for (const name of (await this.#names()).reverse()) {
      const cache = await this.#caches.open(name);
      const [page, file] = await Promise.all([cache.match(PAGE), cache.match(pathname)]);
      if (page !== undefined && file !== undefined) return file;
    }
    return undefined;
  }

  async #isWhole(): Promise<boolean> {
    if (!(await this.#caches.has(this.#name))) return false;
    return (await (await this.#caches.open(this.#name)).match(PAGE)) !== undefined;
  }

  /** In the order in which they were made. */
  async #names(): Promise<string[]> {
    return (await this.#caches.keys()).filter((name) => name.startsWith(PREFIX));
  }

  async #fetched(path: string): Promise<Response> {
    const cache = UNHASHED.test(path) ? "no-cache" : "default";
    const response = await this.#fetch(path, { cache });
    // What was redirected is a sign-in page or the like.
    if (!response.ok || response.redirected) throw new Error(`${path} is not to be had.`);
    return response;
  }
}

function nothingAfter(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
