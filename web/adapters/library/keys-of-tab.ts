/**
 * Keys of passwords that were right, for as long as the tab is open: a reload asks for none of them again. What is
 * downloaded is remembered for longer, with its key, by the library.
 */
const PREFIX = "shoal-key-";

export const keysOfTab = {
  /** @param share its id. */
  get(share: string): Uint8Array | undefined {
    try {
      const text = sessionStorage.getItem(PREFIX + share);
      return text === null ? undefined : Uint8Array.from(JSON.parse(text) as number[]);
    } catch {
      // Refused by the browser's settings, or not ours: the person is asked once more.
      return undefined;
    }
  },
  keep(share: string, key: Uint8Array): void {
    try {
      sessionStorage.setItem(PREFIX + share, JSON.stringify([...key]));
    } catch {
      // Refused: the same.
    }
  },
  forget(share: string): void {
    try {
      sessionStorage.removeItem(PREFIX + share);
    } catch {
      // Refused: then nothing is kept.
    }
  },
};
