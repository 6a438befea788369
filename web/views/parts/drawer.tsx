import { Drawer as Base } from "@base-ui/react/drawer";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../app-context.tsx";
import { Button } from "./button.tsx";
import styles from "./drawer.module.css";
import { Icon } from "./icon.tsx";

interface DrawerProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** What can be set without leaving the page: at its side, on a phone from below. */
export function Drawer({ title, isOpen, onClose, children }: DrawerProps) {
  const text = useText();
  return (
    <Base.Root open={isOpen} onOpenChange={(opens) => opens || onClose()} swipeDirection="down">
      <Base.Portal>
        <Base.Backdrop className={styles.backdrop} />
        <Base.Viewport className={styles.viewport}>
          <Base.Popup className={styles.popup}>
            <Base.Content className={styles.content}>
              <div className={styles.head}>
                <Base.Title className={styles.title}>{title}</Base.Title>
                <Base.Close
                  render={<Button kind="quiet" className={styles.close} />}
                  aria-label={text.share.dismiss}
                >
                  <Icon of={X} size="large" />
                </Base.Close>
              </div>
              {children}
            </Base.Content>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
