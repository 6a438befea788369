import { useAppStore, useText } from "./app-context.tsx";
import { Logo } from "./graphics/logo.tsx";
import styles from "./header.module.css";
import { ThemeSwitch } from "./theme-switch.tsx";

export function Header() {
  const text = useText();
  const store = useAppStore();
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
      <ThemeSwitch />
    </header>
  );
}
