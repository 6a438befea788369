import { useAppStore, useText } from "../app-context.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { AppearanceSettings } from "./appearance-settings.tsx";
import { LifetimeFigures } from "./lifetime-figures.tsx";
import { MagnetSettings } from "./magnet-settings.tsx";
import { NetworkSettings } from "./network-settings.tsx";
import styles from "./settings-page.module.css";
import { StorageSettings } from "./storage-settings.tsx";

/** What holds for all shares in this browser. */
export function SettingsPage() {
  const text = useText();
  const store = useAppStore();
  return (
    <div className={styles.page} data-testid="settings-page">
      <PageHead
        title={text.settings.title}
        back={text.settings.back}
        onBack={() => store.show(store.getState().shown)}
      />
      <div className={styles.columns}>
        <div className={styles.column}>
          <NetworkSettings />
          <StorageSettings />
        </div>
        <div className={styles.column}>
          <AppearanceSettings />
          <MagnetSettings />
          <LifetimeFigures />
        </div>
      </div>
    </div>
  );
}
