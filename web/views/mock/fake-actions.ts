/** Actions that change nothing, for screens whose data does not move. */
import type { Actions } from "../actions.ts";
import type { Scene } from "./scenes.tsx";

const nothing = () => undefined;

export function fakeActions(scene: Scene): Actions {
  const files = () => Promise.resolve(scene.files);
  const last = scene.snapshots.at(-1);
  return {
    commands: {
      share: () => last?.shares[0]?.id ?? "",
      open: () => ({ problem: "not-a-link" }),
      openTorrent: () => Promise.resolve({ trouble: "not-a-torrent" }),
      torrentFile: () => Promise.resolve(undefined),
      download: nothing,
      pause: nothing,
      resume: nothing,
      stop: nothing,
      restart: nothing,
      forget: nothing,
      want: nothing,
      unlock: nothing,
      limit: nothing,
      configure: nothing,
      files,
      stream: (_id, _file, port) => port.close(),
      blob: () => Promise.resolve(new Blob(["made up"])),
      storage: () =>
        Promise.resolve(
          scene.storage ?? { usage: 1_200_000, quota: 23_600_000_000, persisted: false, shares: [] },
        ),
      snapshot: () =>
        last === undefined ? Promise.reject(new Error("an empty scene")) : Promise.resolve(last),
      trace: () => Promise.resolve(""),
    },
    saveBlob: nothing,
    saveFile: () => Promise.resolve(true),
    saveFiles: () => Promise.resolve(true),
    canPickFolder: () => true,
    mediaUrl: () => undefined,
    copyText: () => Promise.resolve(true),
    shareLink: () => Promise.resolve(),
    room: () => Promise.resolve(22_400_000_000),
    takeMagnetLinks: nothing,
  };
}
