/** A network that carries no more than so much: between the app and the data channels of one person's page. */
import type { Page } from "@playwright/test";

declare global {
  interface Window {
    /** What all channels of the page may send together from now on, bytes a second. */
    allowToSend(bytesPerSecond: number): void;
  }
}

/** A person, or whoever else has a page. */
interface Paged {
  readonly page: Page;
}

/**
 * Call it before the page is opened: what it does holds for every page that is opened here.
 *
 * @param atMost bytes that get through, with all that is said around a file, before it is let go.
 */
export async function slowDown(
  { page }: Paged,
  bytesPerSecond: number,
  atMost = Number.MAX_SAFE_INTEGER,
): Promise<void> {
  // Names of inner functions are kept by the loader through a function that the page does not have.
  await page.addInitScript("globalThis.__name = (named) => named");
  await page.addInitScript(throttleChannels, { bytesPerSecond, atMost });
}

/** From now on the page sends so much, or as fast as it can. */
export async function letGo({ page }: Paged, bytesPerSecond = Number.POSITIVE_INFINITY): Promise<void> {
  await page.evaluate((most) => window.allowToSend(most), bytesPerSecond);
}

/**
 * Runs in the page: messages wait here, and count as buffered, until there is room for them. They leave in parts, as a
 * network carries packets: to the programs at both ends they are one stream of bytes.
 */
function throttleChannels({ bytesPerSecond, atMost }: { bytesPerSecond: number; atMost: number }): void {
  const EVERY_MS = 10;
  const { prototype } = RTCDataChannel;
  const send = prototype.send as (data: ArrayBufferView<ArrayBuffer>) => void;
  const buffered = Object.getOwnPropertyDescriptor(prototype, "bufferedAmount")?.get;
  const queues = new Map<RTCDataChannel, { waiting: Uint8Array<ArrayBuffer>[]; bytes: number }>();
  let allowance = 0;

  Object.assign(prototype, {
    send(this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
      const queue = queues.get(this) ?? { waiting: [], bytes: 0 };
      queues.set(this, queue);
      queue.waiting.push(
        new Uint8Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)),
      );
      queue.bytes += data.byteLength;
    },
  });
  Object.defineProperty(prototype, "bufferedAmount", {
    get(this: RTCDataChannel): number {
      return (queues.get(this)?.bytes ?? 0) + buffered?.call(this);
    },
  });
  window.allowToSend = (most) => {
    bytesPerSecond = most;
    atMost = Number.POSITIVE_INFINITY;
  };
  setInterval(() => {
    allowance = Math.min(allowance + (bytesPerSecond * EVERY_MS) / 1000, bytesPerSecond / 10);
    for (const [channel, queue] of queues) {
      const before = channel.bufferedAmount;
      for (let [next] = queue.waiting; next && Math.min(allowance, atMost) >= 1; [next] = queue.waiting) {
        const part = next.subarray(0, Math.floor(Math.min(allowance, atMost)));
        queue.waiting.shift();
        if (part.byteLength < next.byteLength) queue.waiting.unshift(next.subarray(part.byteLength));
        queue.bytes -= part.byteLength;
        allowance -= part.byteLength;
        atMost -= part.byteLength;
        if (channel.readyState === "open") send.call(channel, part);
      }
      const threshold = channel.bufferedAmountLowThreshold;
      if (before > threshold && queue.bytes <= threshold)
        channel.dispatchEvent(new Event("bufferedamountlow"));
    }
  }, EVERY_MS);
}
