import { Settings } from "lucide-react";
import { useApp, useAppStore, useText } from "./app-context.tsx";
import { Logo } from "./graphics/logo.tsx";
import styles from "./header.module.css";
import { Button } from "./parts/button.tsx";
import { Icon } from "./parts/icon.tsx";

export function Header() {
  const text = useText();
  const store = useAppStore();
  const inSettings = useApp((state) => state.inSettings);
  return (
    <header className={styles.header}>
      <button
        type="button"
        className={styles.home}
        data-testid="home"
        aria-label={text.home.goHome}
        onClick={() => store.show(undefined)}
      >
        <Logo />
        <span className={styles.name}>{text.appName}</span>
      </button>
      <Button
        kind="quiet"
        className={styles.settings}
        aria-label={text.settings.title}
        aria-current={inSettings ? "page" : undefined}
        data-testid="settings"
        onClick={() => store.showSettings()}
      >
        <Icon of={Settings} size="large" />
        <span className={styles.word}>{text.settings.title}</span>
      </Button>
    </header>
  );
}
