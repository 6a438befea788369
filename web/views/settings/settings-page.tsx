import { ArrowLeft } from "lucide-react";
import { useAppStore, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { PageHeading } from "../parts/page-heading.tsx";
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
      <div className={styles.head}>
        <Button kind="quiet" className={styles.back} onClick={() => store.show(store.getState().shown)}>
          <Icon of={ArrowLeft} mirrors />
          {text.settings.back}
        </Button>
        <PageHeading>{text.settings.title}</PageHeading>
      </div>
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
