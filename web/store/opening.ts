/** Opens links in any form and .torrent files, and shows what they lead to, or says what is wrong with them. */
import type { AppStore } from "./app-store.ts";
import type { Commands } from "./session.ts";

/** @returns whether the text was a link. */
export function openLink(store: AppStore, commands: Pick<Commands, "open">, text: string): boolean {
  const opened = commands.open(text);
  if ("problem" in opened) {
    store.reportLinkProblem(opened.problem);
    return false;
  }
  store.show(opened.id);
  return true;
}

/** The last one that could be opened is shown; when none could, what is wrong with the last. */
export async function openTorrents(
  store: AppStore,
  commands: Pick<Commands, "openTorrent">,
  files: readonly Blob[],
): Promise<void> {
  const opened = await Promise.all(files.map((file) => commands.openTorrent(file)));
  const ids = opened.flatMap((each) => ("id" in each ? [each.id] : []));
  const troubles = opened.flatMap((each) => ("trouble" in each ? [each.trouble] : []));
  const [id, trouble] = [ids.at(-1), troubles.at(-1)];
  if (id !== undefined || trouble === undefined) {
    store.show(id);
    return;
  }
  store.show(undefined);
  store.reportLinkProblem(`torrent-${trouble}`);
}

const TORRENT_NAME = /\.torrent$/i;

/** Whether all of these are .torrent files, so that it has to be asked what they are meant for. */
export function areTorrents(files: readonly { readonly name: string }[]): boolean {
  return files.length > 0 && files.every(({ name }) => TORRENT_NAME.test(name));
}
