import { describeDirectory } from "./directory.contract.ts";
import { MemoryNetwork } from "./memory-directory.ts";

describeDirectory("in memory", async () => {
  const network = new MemoryNetwork(Math.random);
  return { open: async (events) => network.open(events), close: async () => undefined };
});
