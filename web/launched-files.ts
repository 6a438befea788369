/** Files that the system opened with the installed app (manifest `file_handlers`). */

/** The part of the Launch Handler API that is used; Chromium alone has it. */
interface LaunchQueue {
  setConsumer(consumer: (launch: { readonly files?: readonly FileSystemFileHandle[] }) => void): void;
}

/** Calls back with every file that the app is opened with, now or later. */
export function whenFilesLaunched(take: (files: readonly File[]) => void): void {
  if (!("launchQueue" in window)) return;
  (window.launchQueue as LaunchQueue).setConsumer(({ files = [] }) => {
    // A file that is gone again when it is read is not worth a word: the person opened it a moment ago.
    void Promise.allSettled(files.map((handle) => handle.getFile())).then((read) => {
      const found = read.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      if (found.length > 0) take(found);
    });
  });
}
