/**
 * Takes what a person brings, and shows what it leads to, or says what is wrong with it: links in any form,
 * .torrent files, and files to share.
 */
import type { AppStore } from "./app-store.ts";
import type { ChosenFile, Commands } from "./session.ts";

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

/** Shares these files with what was decided for the next share; .torrent files are asked about first. */
export function takeFiles(
  store: AppStore,
  commands: Pick<Commands, "share" | "limit">,
  files: readonly ChosenFile[],
): void {
  if (areTorrents(files.map(({ file }) => file))) store.askAboutTorrents(files.map(({ file }) => file));
  else shareAsTheyAre(store, commands, files);
}

export function shareAsTheyAre(
  store: AppStore,
  commands: Pick<Commands, "share" | "limit">,
  files: readonly ChosenFile[],
): void {
  const { nextShare } = store.getState();
  const password = nextShare.password.trim();
  const id = commands.share(files, { public: nextShare.public, ...(password !== "" && { password }) });
  if (Object.keys(nextShare.limits).length > 0) commands.limit(id, nextShare.limits);
  store.show(id);
  store.prepareAnew();
}

const TORRENT_NAME = /\.torrent$/i;

/** Whether all of these are .torrent files, so that it has to be asked what they are meant for. */
function areTorrents(files: readonly { readonly name: string }[]): boolean {
  return files.length > 0 && files.every(({ name }) => TORRENT_NAME.test(name));
}
