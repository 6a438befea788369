/** For tests: several tabs on one clock, between which nothing moves until `settle`. */
import { ManualClock } from "../../ports/manual-clock.ts";
import { ManualDelivery, MemoryNetwork } from "../../ports/memory-links.ts";

export class QuietNetwork {
  readonly clock = new ManualClock();
  readonly delivery = new ManualDelivery();
  readonly network = new MemoryNetwork(this.clock, this.delivery.deliver);

  /** Lets everything that is on its way arrive. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 20; quiet++) {
      if (this.delivery.next()) quiet = 0;
      await Promise.resolve();
    }
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }
}
