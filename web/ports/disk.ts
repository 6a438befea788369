/**
 * The room that this browser gives to what we store.
 *
 * Invariants
 *  1. Nothing here throws: what the browser does not tell is undefined.
 */
export interface Disk {
  /** Bytes in use by this site and bytes that it may use in all. */
  estimate(): Promise<{ readonly usage: number | undefined; readonly quota: number | undefined }>;
  /** The browser has promised not to delete what we store by itself. */
  isPersisted(): Promise<boolean>;
  /** Bytes in the files of a place where pieces are stored; 0 where there are none. */
  usedAt(place: string): Promise<number>;
}
