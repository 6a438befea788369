import { TestClient } from "../signaling/test-client.ts";
import { sha256OfFile } from "../tools/content.ts";
import { startServer } from "../tools/server.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";

test("a file goes from tab to tab as ever while and after somebody attacks the server", async ({
  newPerson,
}, testInfo) => {
  const path = await makeFile(testInfo.outputPath(), "photos.bin", 2_000_000);
  // The attacker has another address than the people, as it would in the world.
  const server = await startServer({ TRUST_PROXY: "1" });
  const headers = { "x-forwarded-for": "192.0.2.66" };
  const attack = async () => {
    const tries = Array.from({ length: 100 }, () => TestClient.connect(server.url, { headers }));
    const made = (await Promise.allSettled(tries)).flatMap((each) =>
      each.status === "fulfilled" ? [each.value] : [],
    );
    for (const client of made) {
      client.socket.send('{"action":"announce","offers":[null]}');
      client.socket.send("[".repeat(50_000));
      for (let i = 0; i < 600; i++) client.socket.send("{}");
      client.socket.send(Buffer.alloc(70_000));
    }
    await Promise.all(made.map(({ closed }) => closed));
    return made.length;
  };
  try {
    const sender = await newPerson("sender", server.url);
    const receiver = await newPerson("receiver", server.url);
    const attacked = attack();
    const link = await sender.shareFiles(path);
    await receiver.download(link);
    await receiver.waitForState("done");
    expect((await receiver.save()).sha256).toBe(await sha256OfFile(path));

    expect(await attacked).toBeGreaterThan(0);
    const latecomer = await newPerson("latecomer", server.url);
    await latecomer.download(link);
    await latecomer.waitForState("done");
  } finally {
    await server.stop();
  }
});
