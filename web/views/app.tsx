import { useEffect, useRef } from "react";
import { shownShare } from "../store/selectors.ts";
import { Announcer } from "./announcer.tsx";
import styles from "./app.module.css";
import { useApp, useText } from "./app-context.tsx";
import { DropCurtain } from "./dropping/drop-curtain.tsx";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Home } from "./home/home.tsx";
import { later } from "./later.tsx";
import { Button } from "./parts/button.tsx";
import { Notice } from "./parts/notice.tsx";
import { Opening } from "./share/opening.tsx";
import { useBackButton } from "./use-back-button.ts";
import { useDoneNotice } from "./use-done-notice.ts";
import { useFavicon } from "./use-favicon.ts";
import { useLeaveGuard } from "./use-leave-guard.ts";
import { useNoNetwork } from "./use-no-network.ts";
import { useTabTitle } from "./use-tab-title.ts";
import { useWakeLock } from "./use-wake-lock.ts";

const SharePage = later(
  () => import("./share/share-page.tsx"),
  (module) => module.SharePage,
  <Opening />,
);
const SettingsPage = later(
  () => import("./settings/settings-page.tsx"),
  (module) => module.SettingsPage,
  <Opening />,
);
const Toasts = later(
  () => import("./parts/toasts.tsx"),
  (module) => module.Toasts,
);

const TorrentQuestion = later(
  () => import("./dropping/torrent-question.tsx"),
  (module) => module.TorrentQuestion,
);

export function App() {
  const text = useText();
  const main = useRef<HTMLElement>(null);
  const place = useApp((state) => (state.inSettings ? "settings" : state.shown));
  const hasMessages = useApp((state) => state.messages.length > 0);
  const isCutOff = useNoNetwork();
  const isOutdated = useApp((state) => state.isOutdated);
  const torrents = useApp((state) => state.askedTorrents);
  useTabTitle();
  useFavicon();
  useLeaveGuard();
  useBackButton();
  useWakeLock();
  useDoneNotice();
  useFocusOnTurn(place, main);

  return (
    <>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {text.home.skip}
      </button>
      <div className={styles.page}>
        <Header />
        <main ref={main} tabIndex={-1} className={styles.main}>
          {isOutdated && (
            <Notice tone="warning" notice={text.outdated}>
              <Button onClick={() => location.reload()}>{text.reload}</Button>
            </Notice>
          )}
          {isCutOff && <Notice tone="calm" notice={text.noNetwork} />}
          <Place />
        </main>
        <Footer />
      </div>
      <DropCurtain />
      {torrents.length > 0 && <TorrentQuestion files={torrents} />}
      <Announcer />
      {hasMessages && <Toasts />}
    </>
  );
}

function Place() {
  const inSettings = useApp((state) => state.inSettings);
  const shown = useApp((state) => state.shown);
  const share = useApp(shownShare);
  if (inSettings) return <SettingsPage />;
  if (shown === undefined) return <Home />;
  return share === undefined ? <Opening /> : <SharePage key={shown} share={share} />;
}

/** When another screen appears, reading goes on at its heading, at the top of the page. */
function useFocusOnTurn(place: string | undefined, main: { readonly current: HTMLElement | null }) {
  const previous = useRef(place);
  useEffect(() => {
    if (previous.current === place) return;
    previous.current = place;
    window.scrollTo(0, 0);
    (main.current?.querySelector<HTMLElement>("h1") ?? main.current)?.focus({ preventScroll: true });
  }, [place, main]);
}
