import { Globe, Lock, SlidersHorizontal } from "lucide-react";
import { useId, useState } from "react";
import { useApp, useAppStore, useText } from "../app-context.tsx";
import { later } from "../later.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Switch } from "../parts/switch.tsx";
import styles from "./share-options.module.css";

const OptionsDrawer = later(
  () => import("../share/options-drawer.tsx"),
  (module) => module.OptionsDrawer,
);

/** What has to be decided before a share gets its link, because the link depends on it; and the way to the rest. */
export function ShareOptions() {
  const text = useText();
  const store = useAppStore();
  const next = useApp((state) => state.nextShare);
  const [isOpen, setIsOpen] = useState(false);
  const [wasOpened, setWasOpened] = useState(false);
  const hint = useId();
  const limitCount = Object.keys(next.limits).length;
  return (
    <div className={styles.options}>
      <p id={hint} className={styles.hint}>
        <Icon of={next.public ? Globe : Lock} size="small" className={styles.icon} />
        {next.public ? text.options.publicHint : text.options.privateHint}
      </p>
      <div className={styles.controls}>
        {!next.public && (
          <input
            type="text"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            className={styles.password}
            aria-label={text.options.password}
            placeholder={text.options.password}
            data-testid="password-field"
            value={next.password}
            onChange={(event) => store.prepare({ password: event.target.value })}
          />
        )}
        <Switch
          label={text.options.public}
          isOn={next.public}
          describedBy={hint}
          onChange={(isOn) => store.prepare({ public: isOn, password: "" })}
          testId="public-toggle"
        />
        <Button
          kind="quiet"
          data-testid="options"
          onClick={() => {
            setWasOpened(true);
            setIsOpen(true);
          }}
        >
          <Icon of={SlidersHorizontal} />
          {limitCount === 0 ? text.options.limits : `${text.options.limits} (${limitCount})`}
        </Button>
      </div>
      {wasOpened && (
        <OptionsDrawer
          isOpen={isOpen}
          onClose={() => setIsOpen(false)}
          limits={next.limits}
          onLimits={(limits) => store.prepare({ limits })}
        />
      )}
    </div>
  );
}
