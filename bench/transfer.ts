/** One transfer from one seeder to some receivers, each a tab of a fresh browser with an ordinary profile, measured. */
import type { BrowserContext, Page } from "@playwright/test";
import type { Contender } from "./contender.ts";
import { watchMemory } from "./memory.ts";

export interface TransferFigures {
  /** From opening the link to the first block, mean over the receivers. */
  readonly firstBlockSeconds: number;
  /** Content received by all, over the time from the first block anywhere to the last one everywhere. */
  readonly rateBytesPerSecond: number;
  /** From opening the first link until everybody is done. */
  readonly totalSeconds: number;
  /** What the seeder sent, in copies of the content. */
  readonly copiesFromSeeder: number;
  readonly peakPageHeapBytes: number;
  readonly peakTabBytes: number;
}

interface Receipt {
  readonly openedAt: number;
  readonly firstBlockAt: number;
  readonly doneAt: number;
}

const TRANSFER_TIMEOUT_MS = 300_000;

export async function measureTransfer(
  contender: Contender,
  profile: BrowserContext,
  path: string,
  size: number,
  receiverCount: number,
): Promise<TransferFigures> {
  const newPage = () => profile.newPage();
  const seeder = await newPage();
  const link = await contender.seed(seeder, path, size);
  const receivers = await Promise.all(Array.from({ length: receiverCount }, newPage));
  const [watched = seeder] = receivers;
  const memory = await watchMemory(profile, watched);

  await Promise.all(receivers.map((receiver) => contender.open(receiver, link, seeder)));
  const receipts = await Promise.all(receivers.map(receiptOf));
  const peak = await memory.stop();
  const uploaded = await contender.uploaded(seeder);

  const firstOpenedAt = Math.min(...receipts.map((receipt) => receipt.openedAt));
  const firstBlockAt = Math.min(...receipts.map((receipt) => receipt.firstBlockAt));
  const doneAt = Math.max(...receipts.map((receipt) => receipt.doneAt));
  const waits = receipts.map((receipt) => receipt.firstBlockAt - receipt.openedAt);
  return {
    firstBlockSeconds: waits.reduce((sum, wait) => sum + wait, 0) / waits.length / 1000,
    rateBytesPerSecond: (size * receiverCount) / ((doneAt - firstBlockAt) / 1000),
    totalSeconds: (doneAt - firstOpenedAt) / 1000,
    copiesFromSeeder: uploaded / size,
    peakPageHeapBytes: peak.pageHeapBytes,
    peakTabBytes: peak.tabBytes,
  };
}

async function receiptOf(receiver: Page): Promise<Receipt> {
  const ended = await receiver.waitForFunction(
    () => {
      const { firstBlockAt, doneAt, error } = window.bench;
      if (error !== undefined) throw new Error(error);
      if (firstBlockAt === undefined || doneAt === undefined) return undefined;
      return { openedAt: performance.timeOrigin, firstBlockAt, doneAt };
    },
    undefined,
    { timeout: TRANSFER_TIMEOUT_MS, polling: 100 },
  );
  return ended.jsonValue() as Promise<Receipt>;
}
