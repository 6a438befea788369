/** What every program that is measured has to offer, and how its pages tell what happened. */
import type { Page } from "@playwright/test";

/** Filled in by a receiver's page; milliseconds since the epoch, by the page's own clock. */
export interface PageMarks {
  firstBlockAt?: number;
  doneAt?: number;
  error?: string;
}

export interface Contender {
  readonly name: string;
  /** Shares the file from this page. @returns what a receiver opens. */
  seed(page: Page, path: string, size: number): Promise<string>;
  /** Opens the link; the page then fills in `globalThis.bench` by itself. */
  open(receiver: Page, link: string, seeder: Page): Promise<void>;
  /** Bytes of content that the seeder has sent so far. */
  uploaded(seeder: Page): Promise<number>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    bench: PageMarks;
  }
}
