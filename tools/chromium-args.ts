import { isRoot } from "./command.ts";

/** How Chromium has to be started wherever tests run. */
export const chromiumArgs: readonly string[] = [
  // Chromium's sandbox refuses to work for root, which is whom containers run as.
  ...(isRoot ? ["--no-sandbox"] : []),
  `--disable-features=${[
    // Without multicast, as in most containers, nobody can resolve the .local names that hide addresses.
    "WebRtcHideLocalIpsWithMdns",
    // Two hidden pages for the address bar of every window, though nobody sees one: a fifth of all computing.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
  ].join()}`,
];
