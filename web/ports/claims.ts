/**
 * Which tab of a browser profile owns what, so that no two of them write to one place.
 *
 * Invariants
 *  1. A name is owned by at most one tab at a time, and by nobody once that tab has ended, however it ended.
 *  2. What a tab claims twice it lets go of when it has released it twice.
 *  3. Who waits in line becomes the owner when the one before lets go or ends.
 */
export interface Claims {
  /** @returns whether the name is ours now (also when it was already). Never rejects. */
  tryClaim(name: string): Promise<boolean>;
  /**
   * Waits in line for a name, and tells its owner that somebody does. `onOurs` is called at most once, never
   * from within this call.
   * @returns gives up waiting; afterwards `onOurs` is not called.
   */
  await(name: string, onOurs: () => void): () => void;
  /** Lets go of a name that is ours. */
  release(name: string): void;
  /** Names that are owned by any tab now. */
  taken(): Promise<ReadonlySet<string>>;
  /** Told of every name that another tab begins to wait for, ours or not. */
  onAwaited(listener: (name: string) => void): void;
}
