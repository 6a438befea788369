import { sha256OfFile } from "../tools/content.ts";
import { startServer } from "../tools/server.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { hasTurn, TurnServer } from "./turn-server.ts";

if (!hasTurn) {
  process.stderr.write("SKIPPED: a file through a real TURN relay, since coturn is not installed\n");
}

test("where only relays are allowed, a file goes through coturn with credentials of the server", async ({
  newPerson,
}, testInfo) => {
  test.skip(!hasTurn, "coturn is not installed");
  const turn = await TurnServer.start();
  const server = await startServer({ TURN_URLS: turn.url, TURN_SECRET: turn.secret, RELAY_ONLY: "on" });
  try {
    const path = await makeFile(testInfo.outputPath(), "report.bin", 3_000_000);
    const sender = await newPerson("sender", server.url);
    const receiver = await newPerson("receiver", server.url);
    await receiver.download(await sender.shareFiles(path));
    await receiver.waitForState("done");

    for (const person of [sender, receiver]) {
      await person.waitUntil(
        "it goes through a relay",
        ({ peers }) => peers.length === 1 && !!peers[0]?.relayed,
      );
    }
    expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));
  } finally {
    await testInfo.attach("coturn", { body: turn.log(), contentType: "text/plain" });
    await server.stop();
    await turn.stop();
  }
});
