import { Toast } from "@base-ui/react/toast";
import { useEffect, useRef } from "react";
import { shownShare } from "../store/selectors.ts";
import { Announcer } from "./announcer.tsx";
import styles from "./app.module.css";
import { useApp, useText } from "./app-context.tsx";
import { DropCurtain } from "./dropping/drop-curtain.tsx";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Home } from "./home/home.tsx";
import { Toasts } from "./parts/toasts.tsx";
import { SharePage } from "./share/share-page.tsx";
import { useBackButton } from "./use-back-button.ts";
import { useLeaveGuard } from "./use-leave-guard.ts";
import { useTabTitle } from "./use-tab-title.ts";
import { useTheme } from "./use-theme.ts";

export function App() {
  const text = useText();
  const main = useRef<HTMLElement>(null);
  const shown = useApp((state) => state.shown);
  const share = useApp(shownShare);
  useTheme();
  useTabTitle();
  useLeaveGuard();
  useBackButton();
  useFocusOnTurn(shown, main);

  return (
    <Toast.Provider timeout={8000}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {text.home.skip}
      </button>
      <div className={styles.page}>
        <Header />
        <main ref={main} tabIndex={-1} className={styles.main}>
          {shown === undefined ? <Home /> : <SharePage key={shown} share={share} />}
        </main>
        <Footer />
      </div>
      <DropCurtain />
      <Announcer />
      <Toasts />
    </Toast.Provider>
  );
}

/** When another screen appears, reading goes on at its heading, at the top of the page. */
function useFocusOnTurn(shown: string | undefined, main: { readonly current: HTMLElement | null }) {
  const previous = useRef(shown);
  useEffect(() => {
    if (previous.current === shown) return;
    previous.current = shown;
    window.scrollTo(0, 0);
    (main.current?.querySelector<HTMLElement>("h1") ?? main.current)?.focus({ preventScroll: true });
  }, [shown, main]);
}
