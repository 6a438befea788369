import { Menu as Base } from "@base-ui/react/menu";
import type { LucideIcon } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import floating from "./floating.module.css";
import { Icon } from "./icon.tsx";
import styles from "./menu.module.css";

export interface MenuItem {
  readonly label: string;
  readonly drawing: LucideIcon;
  /** It takes something away that cannot be had back. */
  readonly isGrave?: boolean;
  run(): void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** It was asked for before it was fetched. */
  readonly opensAtOnce?: boolean;
  /** What stands on the button. */
  readonly children: ReactNode;
}

/** What else can be done, behind a button. */
export function Menu({ label, items, opensAtOnce = false, children }: MenuProps) {
  // Beside its button, and so within the same landmark.
  const [place, setPlace] = useState<HTMLElement | null>(null);
  return (
    <Base.Root defaultOpen={opensAtOnce}>
      <Base.Trigger render={<Button kind="quiet" />} aria-label={label} data-testid="more">
        {children}
      </Base.Trigger>
      <div ref={setPlace} />
      <Base.Portal container={place}>
        <Base.Positioner align="end" className={styles.place}>
          <Base.Popup className={`${floating.popup} ${styles.popup}`}>
            {items.map((item) => (
              <Base.Item
                key={item.label}
                className={styles.item}
                data-grave={item.isGrave}
                onClick={() => item.run()}
              >
                <Icon of={item.drawing} />
                {item.label}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
