/** Sockets that announce once and fall silent. */
import { once } from "node:events";
import type { IdleJob, IdleResult } from "./jobs.ts";
import { each, nameOf, openSocket } from "./peer-socket.ts";

/** Sockets from one loopback address: an address has some 28,000 ports on Linux. */
const PER_ADDRESS = 5_000;
const AT_ONCE = 100;

export async function holdIdle({ url, sockets, peersPerSwarm, firstPeer }: IdleJob): Promise<IdleResult> {
  let held = 0;
  await each(sockets, AT_ONCE, async (index) => {
    const peer = firstPeer + index;
    const localAddress = `127.0.0.${2 + Math.floor(peer / PER_ADDRESS)}`;
    const socket = await openSocket(url, { localAddress });
    const answered = once(socket, "message");
    const room = nameOf("room", Math.floor(peer / peersPerSwarm));
    socket.send(
      JSON.stringify({
        action: "announce",
        info_hash: room,
        peer_id: nameOf("peer", peer),
        numwant: 0,
        uploaded: 0,
        downloaded: 0,
        left: 1,
        event: "started",
        offers: [],
      }),
    );
    await answered;
    held++;
    socket.once("close", () => held--);
  });
  return { held };
}
