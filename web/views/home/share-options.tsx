import { Switch } from "@base-ui/react/switch";
import { Globe, Lock } from "lucide-react";
import { useId } from "react";
import { useApp, useAppStore, useText } from "../app-context.tsx";
import styles from "./share-options.module.css";

/** What has to be decided before a share gets its link. */
export function ShareOptions() {
  const text = useText();
  const store = useAppStore();
  const isPublic = useApp((state) => state.sharePublicly);
  const hint = useId();
  const Icon = isPublic ? Globe : Lock;
  return (
    <div className={styles.options}>
      <p id={hint} className={styles.hint}>
        <Icon size={16} aria-hidden="true" className={styles.icon} />
        {isPublic ? text.options.publicHint : text.options.privateHint}
      </p>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the switch inside is the control. */}
      <label className={styles.toggle}>
        {text.options.public}
        <Switch.Root
          checked={isPublic}
          onCheckedChange={(checked) => store.setSharePublicly(checked)}
          className={styles.switch}
          aria-describedby={hint}
          data-testid="public-toggle"
        >
          <Switch.Thumb className={styles.thumb} />
        </Switch.Root>
      </label>
    </div>
  );
}
