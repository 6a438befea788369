/**
 * Files that the system hands to the installed app (manifest `share_target`), from the form that brings them to the
 * page that then opens and asks for them.
 *
 * Invariant: they never reach the network, and are held only while the browser is told that there is work.
 */

/** Where the system posts its form to, as the manifest says. */
export const SHARE_TARGET = "/share-target";
/** The page that opens then: it asks for the files. */
export const SHARED_PAGE = "/?shared";

const FIELD = "files";
/** A page opens within seconds or never, ms. */
const HELD_FOR_MS = 60_000;

export class SharedFiles {
  #files: readonly File[] = [];
  #release: () => void = () => {};

  /** Takes the files out of a form. Rejects when it cannot be read. @returns the work of holding them. */
  async receive(form: Pick<Request, "formData">): Promise<{ readonly held: Promise<void> }> {
    const values = (await form.formData()).getAll(FIELD);
    const files = values.filter((value) => value instanceof File);
    this.#files = [...this.#files, ...files.filter(({ size }) => size > 0)];
    this.#release();
    const held = new Promise<void>((resolve) => {
      const timer = setTimeout(() => this.take(), HELD_FOR_MS);
      this.#release = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return { held };
  }

  /** Gives them away: a second page that asks gets none. */
  take(): readonly File[] {
    const files = this.#files;
    this.#files = [];
    this.#release();
    return files;
  }
}
