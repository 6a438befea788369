import { Bell, BellRing } from "lucide-react";
import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { askForNotifications, notificationPermission } from "../notifications.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import styles from "./transfer.module.css";

/** Below this nobody looks elsewhere, seconds. */
const WORTH_WAITING_FOR = 30;

/** Offered while there is something to wait for, and where the browser can. */
export function NotifyButton({ share }: { readonly share: ShareView }) {
  const text = useText();
  const [permission, setPermission] = useState(notificationPermission);
  const isLong = share.stage === "waiting" || (share.etaSeconds ?? 0) > WORTH_WAITING_FOR;
  if (!isLong || permission === "missing" || permission === "denied") return null;
  if (permission === "granted")
    return (
      <span className={styles.promise}>
        <Icon of={BellRing} size="small" />
        {text.notifications.on}
      </span>
    );
  return (
    <Button kind="quiet" onClick={() => askForNotifications().then(setPermission)}>
      <Icon of={Bell} />
      {text.notifications.ask}
    </Button>
  );
}
