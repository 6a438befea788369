/** `window.shoal`: the session as plain JSON, for tests and people's scripts (docs/automation.md). */
import type { Commands } from "./session/commands.ts";
import type { SessionSnapshot, ShareSnapshot } from "./session/snapshot.ts";

/** Puts `shoal` on the page, where nothing can replace it by accident. */
export function offerAutomation(commands: Pick<Commands, "snapshot" | "trace">): void {
  const value = {
    snapshot: async () => plain(await commands.snapshot()),
    trace: (shareId: string) => commands.trace(shareId),
  };
  Object.defineProperty(window, "shoal", { value });
}

function plain({ shares, ...session }: SessionSnapshot): object {
  return { ...session, shares: shares.map(plainShare) };
}

/** JSON has no byte arrays. */
function plainShare({ pieceMap, ...share }: ShareSnapshot): object {
  return { ...share, pieceMap: { version: pieceMap.version, cells: [...pieceMap.cells] } };
}
