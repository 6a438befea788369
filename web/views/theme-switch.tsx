import { Monitor, Moon, Sun } from "lucide-react";
import type { Theme } from "../store/app-store.ts";
import { useApp, useAppStore, useText } from "./app-context.tsx";
import styles from "./theme-switch.module.css";
import { storeTheme } from "./use-theme.ts";

const themes = [
  { theme: "light", Icon: Sun },
  { theme: "system", Icon: Monitor },
  { theme: "dark", Icon: Moon },
] as const;

export function ThemeSwitch() {
  const text = useText();
  const store = useAppStore();
  const current = useApp((state) => state.theme);
  const choose = (theme: Theme) => {
    store.setTheme(theme);
    storeTheme(theme);
  };
  return (
    <fieldset className={styles.switch}>
      <legend className="visually-hidden">{text.theme.label}</legend>
      {themes.map(({ theme, Icon }) => (
        <label key={theme} className={styles.choice} title={text.theme[theme]}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={current === theme}
            onChange={() => choose(theme)}
          />
          <Icon size={16} aria-hidden="true" />
          <span className="visually-hidden">{text.theme[theme]}</span>
        </label>
      ))}
    </fieldset>
  );
}
